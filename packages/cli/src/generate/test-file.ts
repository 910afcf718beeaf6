import type { ConnectorPlan, JsonObject, StreamPlan } from '../plan/plan.ts';
import { exampleConfig } from './config-fields.ts';
import type { StreamNames } from './names.ts';
import { routeOf } from './example-route.ts';
import { pathPieces, sliceName } from './parents.ts';
import { startOf } from './since.ts';
import { parentOf, type StreamSetting } from './stream-file.ts';
import { literal, plainText } from './text.ts';

/** The code of `test/streams.test.ts`: a test of each kind of stream there is, to be continued by the author. */
export const testFile = (plan: ConnectorPlan, setting: StreamSetting): string => {
  const all = [...setting.names.values()];
  const root = all.find(({ plan: { name } }) => !setting.links.has(name));
  const since = all.find(({ plan: stream }) => isPlainRoot(stream, setting) && hasSince(stream));
  const child = all.find(({ plan: { name } }) => setting.links.has(name));
  const parts = [
    ...(root ? [readsRecords(root, setting)] : []),
    ...(since ? [asksSince(since, setting)] : []),
    ...(child ? [readsChild(child, setting)] : []),
    ...(root && plan.auth.kind !== 'oauth2' ? [failsWell(root)] : []),
  ];
  const used = [root, since, child, ...(child ? parentsOf(child, setting) : [])];
  const classes = new Map(used.flatMap((stream) => (stream ? [[stream.className, stream.file] as const] : [])));
  const { baseUrl } = setting.fields;
  return tidy(`
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, mockApi } from '@headwater/testing';
import type { Config } from '../src/record-types.ts';
${[...classes].map(([name, file]) => `import { ${name} } from '../src/streams/${file}.ts';`).join('\n')}

const configOf = (url: string): Config => (${literal({
    ...defaultsOf(setting),
    ...exampleConfig(setting.fields),
    [baseUrl]: '@url',
  })
    .replace('"@url"', 'url')
    .replace(TOKEN_URL, '`${url}/oauth/token`')});

${parts.join('\n\n')}
`);
};

/** Without the empty lines that parts left out have left. */
const tidy = (code: string): string => code.replaceAll(/mockApi\(\);\n\s*\n/g, 'mockApi();\n');

const TOKEN_URL = '"@token-url"';

/** What the kit would fill in; the token URL is that of the test's own server. */
const defaultsOf = ({ fields }: StreamSetting): JsonObject =>
  Object.fromEntries(
    fields.all
      .filter(({ required, schema }) => !required && schema['default'] !== undefined)
      .map(({ name, schema }) => [name, name === fields.credential['tokenUrl'] ? '@token-url' : schema['default']]),
  );

const isPlainRoot = ({ name }: StreamPlan, { links }: StreamSetting): boolean => !links.has(name);

const hasSince = (stream: StreamPlan): boolean => startOf(stream) !== undefined;

/** Lets the mock API serve a stream's list, with the pages of the plan. */
const servedList = ({ plan }: StreamNames, records: readonly JsonObject[]): string => {
  const { pagination, recordsPath } = plan;
  const paging = pagination.kind === 'none' ? undefined : { kind: pagination.kind, ...pagination.options };
  const options = { recordsPath, ...(paging && { paging }) };
  return `api.collection(${literal(`GET ${routeOf(plan)}`)}, { items: ${literal(records)}, ${literal(options).slice(1)});`;
};

/** As few fields as will do: the schema is for the acceptance test. */
const shortRecord = ({ primaryKey, cursorField, pagination, examples }: StreamPlan): JsonObject => {
  const last = pagination.kind === 'cursor' ? pagination.options['lastRecord'] : undefined;
  const first = examples[0] ?? {};
  const wanted = new Set(
    [primaryKey ?? [], cursorField ?? [], typeof last === 'string' ? last.split(/\W+/) : []].flat(),
  );
  const chosen = Object.entries(first).filter(([name], at) => (wanted.size > 0 ? wanted.has(name) : at < 1));
  return Object.fromEntries(chosen);
};

/** An OAuth 2.0 stream asks for a token first. */
const tokenReply = ({ fields }: StreamSetting): string =>
  fields.credential['tokenUrl'] === undefined
    ? ''
    : `api.on('POST /oauth/token', { body: { access_token: 'a-token', token_type: 'Bearer', expires_in: 3600 } });`;

const onlyApi = ({ fields }: StreamSetting): string =>
  fields.credential['tokenUrl'] === undefined
    ? 'api.requests'
    : `api.requests.filter(({ path }) => path !== '/oauth/token')`;

const title = (text: string): string => literal(plainText(text, 100));

const readsRecords = (stream: StreamNames, setting: StreamSetting): string => {
  const record = shortRecord(stream.plan);
  return `test(${title(`reads the records of ${stream.name}`)}, async () => {
  await using api = await mockApi();
  ${tokenReply(setting)}
  ${servedList(stream, [record])}

  const records = await collect(new ${stream.className}({ config: configOf(api.url) }));

  assert.deepEqual(records, ${literal([record])});
});`;
};

const asksSince = (stream: StreamNames, setting: StreamSetting): string => {
  const { cursorField = '', sinceParam = '', examples } = stream.plan;
  const value = examples.map((record) => record[cursorField]).find((found) => found !== undefined && found !== null);
  return `test(${title(`asks ${stream.name} for what has changed since the state`)}, async () => {
  await using api = await mockApi();
  ${tokenReply(setting)}
  ${servedList(stream, [shortRecord(stream.plan)])}

  await collect(new ${stream.className}({ config: configOf(api.url) }), { state: ${literal({ [cursorField]: value })} });

  const [request] = ${onlyApi(setting)};
  assert.equal(request?.query.get(${literal(sinceParam)}), ${literal(`${value as string | number}`)});
});`;
};

const readsChild = (stream: StreamNames, setting: StreamSetting): string => {
  const line = parentsOf(stream, setting);
  const slice: Record<string, string> = {};
  for (const { plan } of [stream, ...line]) {
    for (const as of setting.links.get(plan.name)?.fields.values() ?? []) slice[as] = `a/${as}`;
  }
  const made = line.toReversed().map((parent) => `const ${parent.variable} = ${newStream(parent, setting)};`);
  const record = shortRecord(stream.plan);
  return `test(${title(`reads ${stream.name} of one of ${parentOf(stream, setting)?.name ?? ''}`)}, async () => {
  await using api = await mockApi();
  ${tokenReply(setting)}
  ${servedList(stream, [record])}
  const config = configOf(api.url);
  ${made.join('\n')}

  const records = await collect(${newStream(stream, setting)}, { slice: ${literal(slice)} });

  assert.deepEqual(records, ${literal([record])});
  const [request] = ${onlyApi(setting)};
  assert.equal(request?.path, ${literal(pathOf(stream.plan, slice, setting))});
});`;
};

/** What is asked for with a slice and the example of the config. */
const pathOf = (
  plan: StreamPlan,
  slice: Readonly<Record<string, string>>,
  { links, fields }: StreamSetting,
): string => {
  const example = exampleConfig(fields);
  const pieces = pathPieces(plan.path).map((piece, at) => {
    const value = at % 2 === 0 ? undefined : plan.pathParams[piece];
    if (!value) return piece;
    const said =
      value.from === 'config' ? example[fields.own.get(value.field) ?? ''] : slice[sliceName(links, plan.name, value)];
    return encodeURIComponent(String(said));
  });
  return new URL(`http://localhost/${pieces.join('').split('?')[0]}`).pathname;
};

const failsWell = (stream: StreamNames): string => `test('tells that the API refuses the credential', async () => {
  await using api = await mockApi();
  api.reply(401, { error: 'unknown credential' });

  await assert.rejects(collect(new ${stream.className}({ config: configOf(api.url) })), /401/);
});`;

const newStream = (stream: StreamNames, setting: StreamSetting): string => {
  const parent = parentOf(stream, setting);
  return `new ${stream.className}({ config${parent ? `, ${parent.variable}` : ''} })`;
};

/** The streams above a stream, the nearest first. */
const parentsOf = (stream: StreamNames, setting: StreamSetting): StreamNames[] => {
  const parent = parentOf(stream, setting);
  return parent ? [parent, ...parentsOf(parent, setting)] : [];
};
