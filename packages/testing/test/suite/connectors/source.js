// A small source without dependencies, so that it starts fast. The variable SABOTAGE lists what is wrong with it.
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { parseArgs } from 'node:util';

const sabotages = new Set(process.env['SABOTAGE']?.split(','));
const sabotaged = (kind) => sabotages.has(kind);
const PAGE_SIZE = 5;

const emit = (type, member, content) => process.stdout.write(`${JSON.stringify({ type, [member]: content })}\n`);
const log = (message, level = 'INFO') => emit('LOG', 'log', { level, message });
const trace = (message) =>
  emit('TRACE', 'trace', { type: 'ERROR', emitted_at: 1, error: { message, failure_type: 'config_error' } });
const status = (name, said) =>
  emit('TRACE', 'trace', {
    type: 'STREAM_STATUS',
    emitted_at: 1,
    stream_status: { stream_descriptor: { name }, status: said },
  });

const SPEC = {
  connectionSpecification: {
    type: 'object',
    required: ['base_url', 'api_key'],
    properties: {
      base_url: { type: 'string' },
      api_key: { type: 'string', ...(!sabotaged('secret-not-marked') && { airbyte_secret: true }) },
      ...(sabotaged('dangling-reference') && { region: { $ref: '#/definitions/region' } }),
    },
  },
};

const ITEMS = {
  name: 'items',
  json_schema: {
    type: 'object',
    properties: {
      id: { type: ['integer', 'null'] },
      title: { type: 'string', ...(sabotaged('unstable-schema') && { description: `${process.pid}` }) },
      updated_at: { type: 'string', format: 'date-time' },
      note: { type: ['string', 'null'] },
    },
  },
  supported_sync_modes: ['full_refresh', 'incremental'],
  source_defined_cursor: true,
  default_cursor_field: ['updated_at'],
  source_defined_primary_key: [['id']],
};
const TAGS = {
  name: 'tags',
  json_schema: { type: 'object', properties: { name: { type: 'string' } } },
  supported_sync_modes: ['full_refresh'],
  source_defined_primary_key: [['name']],
};

const [command = ''] = process.argv.slice(2);
const { values: flags } = parseArgs({
  args: process.argv.slice(3),
  options: {
    config: { type: 'string' },
    catalog: { type: 'string' },
    state: { type: 'string' },
    debug: { type: 'boolean' },
  },
});

class UserError extends Error {}

const readJson = (file, what) => {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    if (sabotaged('stack-on-stdout')) process.stdout.write(`${error.stack}\n`);
    throw new UserError(`The ${what} is not JSON.`, { cause: error });
  }
};

const ask = (url, key) =>
  new Promise((resolve, reject) => {
    get(url, { headers: { 'x-api-key': key }, agent: false }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('close', () => {
        const body = Buffer.concat(chunks).toString();
        if (response.complete) resolve({ status: response.statusCode, body });
        else reject(new Error('The answer stopped half-way.'));
      });
    }).on('error', reject);
  });

const page = async (config, path) => {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask(`${config.base_url}${path}`, config.api_key).catch((error) => ({ status: 0, error }));
    if (answer.status === 200) return JSON.parse(answer.body);
    if (answer.status === 401) throw new UserError('The API key is wrong.');
    if (sabotaged('skips-failed-page') && attempt === 1 && answer.status !== 429) return { items: [], more: true };
    if (attempt === 4 || sabotaged('gives-up')) throw new Error(`The API answered ${answer.status}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

const open = new Set();

const readItems = async (config, state, incremental) => {
  let count = 0;
  const since = sabotaged('ignores-state') ? '' : (state?.updated_at ?? '');
  let seen = since;
  const save = () => {
    const content = incremental ? { updated_at: seen } : { done: true };
    const stats = { recordCount: sabotaged('wrong-count') ? count + 1 : count };
    const stream = { stream_descriptor: { name: 'items' }, stream_state: content };
    if (seen !== '' || !incremental) emit('STATE', 'state', { type: 'STREAM', stream, sourceStats: stats });
    count = 0;
  };
  const record = (data) => {
    if (count === 0 && !open.has('running')) status('items', 'RUNNING');
    open.add('running');
    count += 1;
    emit('RECORD', 'record', { stream: 'items', data, emitted_at: 1 });
  };
  for (let number = 1; ; number += 1) {
    const query = `since=${encodeURIComponent(since)}&page=${number}&size=${PAGE_SIZE}`;
    const { items, more } = await page(config, `/items?${query}`);
    seen = items.at(-1)?.updated_at ?? seen;
    if (sabotaged('missing-page') && number === 2 && !incremental) continue;
    if (sabotaged('state-ahead') && incremental) save();
    for (const item of items) record(spoilt(item));
    if (sabotaged('duplicate-key') && number === 1 && items[0]) record(items[0]);
    if (incremental && !sabotaged('state-ahead')) save();
    if (!more) break;
  }
  open.delete('running');
  if (!incremental) save();
};

const spoilt = (item) => {
  if (sabotaged('null-key') && item.id === 3) return { ...item, id: null };
  if (sabotaged('invalid-record') && item.id === 4) return { ...item, title: 4 };
  if (sabotaged('unrepeatable') && item.id === 2) return { ...item, note: `${process.pid}` };
  return item;
};

const readTags = async (config) => {
  const { items } = await page(config, '/tags');
  status('tags', 'RUNNING');
  for (const data of items) emit('RECORD', 'record', { stream: 'tags', data, emitted_at: 1 });
};

const read = async (config) => {
  const catalog = readJson(flags.catalog, 'catalog');
  // As one whose credentials are renewed says it: the platform keeps the whole config, in clear.
  emit('CONTROL', 'control', { type: 'CONNECTOR_CONFIG', emitted_at: 1, connectorConfig: { config } });
  const states = flags.state === undefined ? [] : readJson(flags.state, 'state');
  let failed = false;
  for (const { stream, sync_mode: mode } of catalog.streams) {
    const { name } = stream;
    status(name, 'STARTED');
    open.add(name);
    const state = states.find((one) => one.stream?.stream_descriptor.name === name)?.stream.stream_state;
    if (name === 'items') await readItems(config, mode === 'incremental' ? state : undefined, mode === 'incremental');
    else if (name === 'tags') await readTags(config);
    else {
      trace(`There is no stream "${name}".`);
      failed = true;
    }
    open.delete(name);
    if (!sabotaged('no-end-status')) status(name, failed ? 'INCOMPLETE' : 'COMPLETE');
  }
  if (failed && !sabotaged('exit-zero')) process.exitCode = 1;
};

if (!sabotaged('dies-of-sigterm')) {
  process.on('SIGTERM', () => {
    if (sabotaged('ignores-sigterm')) return;
    for (const name of open) if (name !== 'running' && !sabotaged('no-incomplete')) status(name, 'INCOMPLETE');
    process.exit(143);
  });
}

const run = async () => {
  if (command === 'spec') {
    emit('SPEC', 'spec', SPEC);
    return;
  }
  const config = readJson(flags.config, 'config');
  if (sabotaged('secret-in-log')) {
    log(`Authorization: Basic ${Buffer.from(`user:${config.api_key}`).toString('base64')}`);
  }
  if (flags.debug && sabotaged('debug-text')) process.stdout.write(`debug: ${command} begins\n`);
  if (command === 'discover') emit('CATALOG', 'catalog', { streams: [ITEMS, TAGS] });
  else if (command === 'read') await read(config);
  else await check(config);
};

const check = async (config) => {
  let message;
  if (!sabotaged('check-always-true')) await page(config, '/tags').catch((error) => ({ message } = error));
  emit('CONNECTION_STATUS', 'connectionStatus', message ? { status: 'FAILED', message } : { status: 'SUCCEEDED' });
};

try {
  await run();
} catch (error) {
  trace(error.message);
  process.exitCode = 1;
}
