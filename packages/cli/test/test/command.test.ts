import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@headwater/testing';

const COMMAND = fileURLToPath(new URL('../../bin/headwater.js', import.meta.url));

/** A source without dependencies: one stream with three records from an API, of which it asks one page. */
const CONNECTOR = `#!/usr/bin/env node
import { readFileSync } from 'node:fs';
const say = (type, member, content) => console.log(JSON.stringify({ type, [member]: content }));
const fail = (message) => {
  say('TRACE', 'trace', { type: 'ERROR', error: { message, failure_type: 'config_error' } });
  process.exit(1);
};
const status = (said) => say('TRACE', 'trace', { type: 'STREAM_STATUS', stream_status: { stream_descriptor: { name: 'items' }, status: said } });
const [command, ...args] = process.argv.slice(2);
const file = (flag) => {
  try {
    return JSON.parse(readFileSync(args[args.indexOf(flag) + 1], 'utf8'));
  } catch {
    fail(flag + ' is not JSON.');
  }
};
if (args.includes('--debug')) fail('unknown option');
const properties = { base_url: { type: 'string' }, api_key: { type: 'string', airbyte_secret: true } };
const stream = {
  name: 'items',
  json_schema: { type: 'object', properties: { id: { type: 'integer' } } },
  supported_sync_modes: ['full_refresh'],
  source_defined_primary_key: [['id']],
};
const items = async ({ base_url, api_key }) => {
  for (let attempt = 1; ; attempt += 1) {
    const body = await fetch(base_url + '/items', { headers: { 'x-key': api_key } })
      .then(async (response) => response.ok && (await response.json()))
      .catch(() => undefined);
    if (body) return body;
    if (attempt === (3)) throw new Error('The API did not answer.');
  }
};
if (command === 'spec') say('SPEC', 'spec', { connectionSpecification: { type: 'object', properties } });
else {
  const config = file('--config');
  if (command === 'discover') say('CATALOG', 'catalog', { streams: [stream] });
  else if (command === 'check') {
    const good = await items(config).catch(() => undefined);
    say('CONNECTION_STATUS', 'connectionStatus', { status: good ? 'SUCCEEDED' : 'FAILED' });
  } else {
    const { streams } = file('--catalog');
    if (args.includes('--state')) file('--state');
    if (streams.some(({ stream: { name } }) => name !== 'items')) fail('There is no such stream.');
    process.on('SIGTERM', () => (status('INCOMPLETE'), process.exit(143)));
    status('STARTED');
    const page = await items(config).catch((error) => fail(error.message));
    status('RUNNING');
    for (const data of page) say('RECORD', 'record', { stream: 'items', data, emitted_at: 1 });
    status('COMPLETE');
  }
}
`;

const KEY = 'key-of-the-test';

/** A folder with the connector, its package.json and a config, and the API it asks. */
const workplace = async () => {
  const server = createServer((request, response) => {
    response.statusCode = request.headers['x-key'] === KEY ? 200 : 401;
    response.end(JSON.stringify([{ id: 1 }, { id: 2 }, { id: 3 }]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('No port.');
  const url = `http://127.0.0.1:${address.port}`;
  const folder = await temporaryFolder();
  await folder.write('main.mjs', CONNECTOR);
  await folder.write('package.json', { name: 'source-items', bin: { 'source-items': './main.mjs' } });
  await folder.write('config.json', { base_url: url, api_key: KEY });
  return {
    url,
    folder,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await folder.remove();
    },
  };
};

const headwater = (cwd: string, ...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, 'test', ...args], { cwd }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });

test('passes a good connector, found by the package.json of the folder', async () => {
  await using place = await workplace();
  const hostile = ['--hostile-api', place.url, '--hostile-config-key', 'base_url', '--expect', 'items=3'];

  const { status, stdout, stderr } = await headwater(place.folder.path, '--config', 'config.json', ...hostile);

  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(stdout).toBe('');
  expect(stderr).toMatch(/✓ spec-valid \(\d+\.\d s\)/);
  expect(stderr).toMatch(/✓ survives-faults .*\n  429, 503, reset, truncate at 1 of 1 requests/);
  expect(stderr).toContain('- stdout-pure-under-debug: The connector does not know --debug.');
  expect(stderr).toMatch(/\d+ rules passed, 0 failed, \d+ skipped; 0 warnings; \d+ runs of the connector\./);
});

test('ends with exit code 1 on a finding, which --json prints as one document', async () => {
  await using place = await workplace();
  const only = ['--only', 'spec-valid', 'expected-records', '--expect', 'items=4'];

  const run = await headwater(
    place.folder.path,
    '--config',
    'config.json',
    ...only,
    '--json',
    '--',
    process.execPath,
    'main.mjs',
  );

  expect(run.status).toBe(1);
  expect(JSON.parse(run.stdout)).toMatchObject({
    passed: false,
    results: [
      { rule: 'spec-valid', outcome: 'passed' },
      { rule: 'expected-records', outcome: 'failed' },
    ],
    findings: [{ rule: 'expected-records', severity: 'error', evidence: 'Stream "items": 3 records, expected 4.' }],
  });
  expect(run.stderr).toMatch(
    /✗ expected-records .*\n  error: Stream "items": 3 records, expected 4\.\n    remedy: Look at the pagination/,
  );
  expect(run.stderr).toContain('Failed: expected-records.');
});

test('lists the rules of sources and of destinations', async () => {
  await using folder = await temporaryFolder();

  expect((await headwater(folder.path, '--list')).stderr).toMatch(/^state-is-resume-point +every STATE/m);
  const { stdout } = await headwater(folder.path, '--list', '--destination', '--json');
  expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ id: 'write-acknowledges-states' }));
});

test.each([
  [['--only', 'spec-valid'], /give --config/],
  [['--config', 'config.json', '--only', 'spec'], /there is no rule "spec"/],
  [['--config', 'config.json', '--hostile-api', 'http://127.0.0.1:1'], /belong together/],
  [['--config', 'config.json', '--hostile-api', 'api', '--hostile-config-key', 'base_url'], /no URL/],
  [['--config', 'config.json', '--hostile-api', 'http://127.0.0.1:1', '--hostile-config-key', 'url'], /no field "url"/],
  [['--config', 'config.json', '--states', '0'], /Expected a whole number from 1 on/],
])('ends with exit code 2 on a usage error: %j', async (args, message) => {
  await using place = await workplace();

  const { status, stdout, stderr } = await headwater(place.folder.path, ...args);

  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(message);
});

test('says what is missing in a folder without a connector, and when a command cannot be started', async () => {
  await using folder = await temporaryFolder();
  await folder.write('config.json', {});

  const nothing = await headwater(folder.path, '--config', 'config.json');
  await folder.write('package.json', { bin: './dist/main.js' });
  const unbuilt = await headwater(folder.path, '--config', 'config.json');
  const unknown = await headwater(folder.path, '--config', 'config.json', '--', 'no-such-program-of-this-test');

  expect(nothing).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/has no package\.json\. Say how to start/) as unknown,
  });
  expect(unbuilt).toMatchObject({ status: 1, stderr: expect.stringMatching(/Build the connector first/) as unknown });
  expect(unknown).toMatchObject({ status: 1, stderr: expect.stringMatching(/cannot be started: .*ENOENT/) as unknown });
});
