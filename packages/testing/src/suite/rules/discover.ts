import { canonical, isObject, short, type ExactObject } from '../exact-json.ts';
import { compileJsonSchema, schemasAt } from '../json-schema.ts';
import { ending, streamName, type ObservedRun } from '../observed-run.ts';
import { NotApplicable, type Rule, type RuleReport } from '../rule.ts';
import { gapReason, type SourceRuns } from '../source-runs.ts';

export const discoverRules: readonly Rule<SourceRuns>[] = [
  {
    id: 'discover-valid',
    title: 'discover prints one CATALOG with valid streams',
    async check({ discover }, report) {
      const run = await discover();
      if (run.gap !== undefined) throw new NotApplicable(gapReason(run.gap));
      const catalogs = catalogsOf(run);
      if (run.exitCode !== 0 || catalogs.length !== 1) {
        report.fail(
          `discover printed ${catalogs.length} CATALOG messages and ${ending(run)}.`,
          'Print exactly one CATALOG message, and end with exit code 0.',
        );
      }
      const streams = streamsOf(catalogs[0]);
      if (catalogs.length > 0 && streams.length === 0) {
        report.fail('The catalog has no streams.', 'List at least one stream.');
      }
      const names = streams.map((stream) => streamName(stream, 'name'));
      for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index))) {
        report.fail(`Two streams are named "${name}".`, 'Give every stream a name, or a namespace, of its own.');
      }
      for (const stream of streams) await checkStream(stream, report);
    },
  },
  {
    id: 'discover-stable',
    title: 'discover prints the same catalog twice',
    async check({ discover, discoverAgain }, report) {
      const [first] = catalogsOf(await discover());
      if (first === undefined)
        throw new NotApplicable('discover gave no catalog; the rule "discover-valid" looks at that.');
      const again = await discoverAgain();
      const [second] = catalogsOf(again);
      const place = second === undefined ? '' : difference(byName(first), byName(second));
      if (place === undefined) return;
      report.fail(
        second === undefined
          ? `The second discover printed no CATALOG and ${ending(again)}.`
          : `The second discover differs at ${place}.`,
        'Build the catalog from what does not change between two calls: no clock, no random order, no sample of records.',
      );
    },
  },
];

const MODES: readonly unknown[] = ['full_refresh', 'incremental'];

const checkStream = async (stream: ExactObject, report: RuleReport): Promise<void> => {
  const name = streamName(stream, 'name');
  const fail = (what: string, remedy: string) => report.fail(`Stream "${name}": ${what}.`, remedy);
  const { json_schema: schema, supported_sync_modes: modes, source_defined_primary_key: keys = [] } = stream;
  if (typeof stream['name'] !== 'string' || stream['name'] === '') fail('it has no name', 'Give the stream a name.');
  if (!Array.isArray(modes) || modes.length === 0 || !modes.every((mode) => MODES.includes(mode))) {
    fail(`supported_sync_modes is ${short(modes ?? null)}`, 'List "full_refresh", "incremental", or both.');
  }
  if (!isObject(schema)) {
    fail(`json_schema is ${short(schema ?? null)}`, 'Put the JSON Schema of the records, an object, there.');
    return;
  }
  const { problem } = await compileJsonSchema(schema);
  if (problem !== undefined) {
    fail(
      `json_schema is no valid JSON Schema: ${short(problem, 300)}`,
      'Correct the keyword or the reference that the message names.',
    );
    return;
  }
  const cursor = stream['default_cursor_field'];
  const paths: [what: string, path: unknown][] = [keys].flat(1).map((path) => ['source_defined_primary_key', path]);
  if (Array.isArray(cursor) && cursor.length > 0) paths.push(['default_cursor_field', cursor]);
  for (const [what, path] of paths) {
    const keysOfPath = [path].flat().map(String);
    // Without a word about its fields, a schema allows any of them.
    if (!('properties' in schema) || schemasAt(schema, keysOfPath).length > 0) continue;
    fail(
      `${what} names "${keysOfPath.join('.')}", which json_schema does not have`,
      'Declare the field in the schema, or name another.',
    );
  }
};

const catalogsOf = (run: ObservedRun): ExactObject[] =>
  run.messages.flatMap(({ catalog }) => (isObject(catalog) ? [catalog] : []));

const streamsOf = (catalog: ExactObject | undefined): ExactObject[] =>
  Array.isArray(catalog?.['streams']) ? (catalog['streams'] as unknown[]).filter(isObject) : [];

/** The order of streams means nothing. */
const byName = (catalog: ExactObject): ExactObject =>
  Object.fromEntries(streamsOf(catalog).map((stream) => [streamName(stream, 'name'), stream]));

/** Where two values differ, with both; undefined when they do not. */
const difference = (a: unknown, b: unknown, pointer = ''): string | undefined => {
  if (canonical(a ?? null) === canonical(b ?? null)) return undefined;
  if (isObject(a) && isObject(b)) {
    for (const key of Object.keys({ ...a, ...b })) {
      const inner = difference(a[key], b[key], `${pointer}/${key}`);
      if (inner !== undefined) return inner;
    }
  }
  return `${pointer}: ${short(a ?? 'nothing', 80)} became ${short(b ?? 'nothing', 80)}`;
};
