import { expect, test } from '@jest/globals';
import { mockApi, temporaryFolder } from '@headwater/testing';
import { probe, probeRaw, secret } from './probe.ts';

test('prints the spec, exit 0', async () => {
  const run = await probeRaw(['spec']);

  expect(run.exitCode).toBe(0);
  expect(run.messages).toHaveLength(1);
  expect(run.messages[0]?.spec?.connectionSpecification).toMatchObject({ required: ['base_url', 'api_key'] });
});

test('checks a good config with SUCCEEDED and fills in defaults, exit 0', async () => {
  const run = await probe('check', { config: { check: 'default' } });

  expect(run.exitCode).toBe(0);
  expect(run.messages).toEqual([{ type: 'CONNECTION_STATUS', connectionStatus: { status: 'SUCCEEDED' } }]);
});

test('checks an invalid config with FAILED and every violation, exit 0', async () => {
  const run = await probe('check', { config: { base_url: 'nowhere', api_key: 12, start: 'soon', size: 'big' } });

  expect(run.exitCode).toBe(0);
  expect(run.traces).toEqual([]);
  const [status] = run.messages;
  expect(status?.connectionStatus?.status).toBe('FAILED');
  const { message } = status!.connectionStatus!;
  expect(message).toMatch(/^Config validation error: /);
  for (const pointer of ['/base_url', '/api_key', '/start', '/size']) expect(message).toContain(`${pointer}: `);
});

test('names a missing property of the config', async () => {
  const folder = await temporaryFolder();
  const run = await probeRaw(['check', '--config', await folder.write('config.json', {})]);
  await folder.remove();

  expect(run.messages[0]?.connectionStatus?.message).toMatch(/base_url.*api_key|api_key.*base_url/s);
});

test('checks with FAILED and the reason the source gives, without quotes and secrets, exit 0', async () => {
  const run = await probe('check', { config: { check: 'reason' } });

  expect(run.exitCode).toBe(0);
  expect(run.messages).toEqual([
    { type: 'CONNECTION_STATUS', connectionStatus: { status: 'FAILED', message: 'the key **** is not good' } },
  ]);
});

test('checks with a TRACE and FAILED when the check throws a config_error, exit 0', async () => {
  const run = await probe('check', { config: { check: 'unauthorized' } });

  expect(run.exitCode).toBe(0);
  expect(run.messages.map(({ type }) => type)).toEqual(['TRACE', 'CONNECTION_STATUS']);
  expect(run.errors[0]).toMatchObject({ failure_type: 'config_error' });
  expect(run.messages[1]?.connectionStatus).toMatchObject({
    status: 'FAILED',
    message: 'GET /me was answered with 401 for ****.',
  });
});

test('fails a check that throws anything else, exit 1', async () => {
  const run = await probe('check', { config: { check: 'bug' } });

  expect(run.exitCode).toBe(1);
  expect(run.messages.some(({ type }) => type === 'CONNECTION_STATUS')).toBe(false);
  expect(run.errors).toHaveLength(1);
  expect(run.errors[0]).toMatchObject({
    failure_type: 'system_error',
    message: expect.stringContaining('undefined is not ****'),
  });
  expect(run.stdout).not.toContain(secret);
});

test.each(['discover', 'read'])('refuses an invalid config on %s, exit 1', async (command) => {
  const run = await probe(command, { config: { api_key: '' } });

  expect(run.exitCode).toBe(1);
  expect(run.errors).toHaveLength(1);
  expect(run.errors[0]).toMatchObject({
    failure_type: 'config_error',
    message: expect.stringContaining('Config validation error: /api_key: '),
  });
});

test('discovers streams with their modes, keys and cursors, exit 0', async () => {
  const run = await probe('discover', {
    config: { streams: [{ name: 'a' }, { name: 'b', cursorField: 'updated_at' }] },
  });

  expect(run.exitCode).toBe(0);
  expect(run.messages.map(({ type }) => type)).toEqual(['CATALOG']);
  expect(run.messages[0]?.catalog?.streams).toMatchObject([
    { name: 'a', supported_sync_modes: ['full_refresh'], is_resumable: true, source_defined_primary_key: [['id']] },
    {
      name: 'b',
      supported_sync_modes: ['full_refresh', 'incremental'],
      is_resumable: true,
      source_defined_cursor: true,
      default_cursor_field: ['updated_at'],
    },
  ]);
});

test('reads on after one stream of three fails, and ends with exit 1 and the true failure type', async () => {
  await using api = await mockApi();
  api.on('GET /a', { body: { data: [{ id: 1 }] } });
  api.on('GET /b', { status: 500, body: { message: 'out of order' } });
  api.on('GET /c', { body: { data: [{ id: 2 }, { id: 3 }] } });
  const run = await probe('read', {
    config: { base_url: api.url, streams: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] },
    streams: ['a', 'b', 'c'],
  });

  expect(run.exitCode).toBe(1);
  expect(run.recordsOf('a')).toHaveLength(1);
  expect(run.recordsOf('c')).toHaveLength(2);
  expect(run.statuses('a')).toEqual(['STARTED', 'RUNNING', 'COMPLETE']);
  expect(run.statuses('b')).toEqual(['STARTED', 'INCOMPLETE']);
  expect(run.statuses('c')).toEqual(['STARTED', 'RUNNING', 'COMPLETE']);
  expect(run.states.map(({ stream }) => stream?.stream_descriptor.name)).toEqual(['a', 'c']);
  const [ofStream, summary] = run.errors;
  expect(run.errors).toHaveLength(2);
  expect(ofStream).toMatchObject({ failure_type: 'transient_error', stream_descriptor: { name: 'b' } });
  expect(ofStream?.message).toContain('"out of order"');
  expect(summary).toMatchObject({ failure_type: 'transient_error' });
  expect(summary?.stream_descriptor).toBeUndefined();
});

test('gives the summary the most severe of the true failure types', async () => {
  await using api = await mockApi();
  api.on('GET /a', { status: 500 });
  api.on('GET /b', { status: 403 });
  const run = await probe('read', {
    config: { base_url: api.url, streams: [{ name: 'a' }, { name: 'b' }] },
    streams: ['a', 'b'],
    args: ['--concurrency', '1'],
  });

  expect(run.errors.map(({ failure_type }) => failure_type)).toEqual([
    'transient_error',
    'config_error',
    'config_error',
  ]);
});

test('fails a configured stream that the source does not have, exit 1', async () => {
  await using api = await mockApi();
  api.on('GET /a', { body: { data: [{ id: 1 }] } });
  const run = await probe('read', { config: { base_url: api.url, streams: [{ name: 'a' }] }, streams: ['ghost', 'a'] });

  expect(run.exitCode).toBe(1);
  expect(run.recordsOf('a')).toHaveLength(1);
  expect(run.statuses('ghost')).toEqual(['INCOMPLETE']);
  expect(run.errors[0]).toMatchObject({
    failure_type: 'config_error',
    stream_descriptor: { name: 'ghost' },
    message: 'The source has no stream "ghost". Its streams: a. Correct the catalog, or discover anew.',
  });
});

test.each([
  ['no such file', ['--config', 'nowhere.json'], 'nowhere.json: there is no such file'],
  ['a folder', ['--config', '.'], '.: this is a folder'],
])('names a config that is %s, exit 1', async (_name, args, message) => {
  const run = await probeRaw(['check', ...args]);

  expect(run.exitCode).toBe(1);
  expect(run.errors).toEqual([
    expect.objectContaining({ failure_type: 'config_error', message: expect.stringContaining(message) }),
  ]);
});

test('names line and column of what is not JSON, and does not quote it', async () => {
  const folder = await temporaryFolder();
  const config = await folder.write('config.json', '{\n  "api_key": "hush-hush",\n  "base_url" "x"\n}\n');
  const run = await probeRaw(['check', '--config', config]);
  await folder.remove();

  expect(run.exitCode).toBe(1);
  expect(run.errors[0]).toMatchObject({ failure_type: 'config_error' });
  expect(run.errors[0]?.message).toMatch(/config\.json: not valid JSON at line 3, column 1\d\.$/);
  expect(run.stdout).not.toContain('hush-hush');
});

test('names the place in a catalog that is none', async () => {
  const run = await probe('read', { streams: [{ stream: { name: 'a' } }, { stream: {}, sync_mode: 'sometimes' }] });

  expect(run.exitCode).toBe(1);
  expect(run.errors[0]).toMatchObject({ failure_type: 'config_error' });
  for (const place of ['/streams/0', '/streams/1/stream', '/streams/1/sync_mode']) {
    expect(run.errors[0]?.message).toContain(place);
  }
});

test.each([
  [[{ type: 'STREAM' }], '/0'],
  [[{ type: 'STREAM', stream: { stream_state: {} } }], '/0/stream'],
  [[{ type: 'STREAM', stream: { stream_descriptor: { name: 'a' }, stream_state: 'x' } }], '/0/stream'],
  ['text', 'the whole document'],
  [[7], '/0'],
])('names the place in a state that is none: %j', async (state, place) => {
  const run = await probe('read', { state: JSON.stringify(state) });

  expect(run.exitCode).toBe(1);
  expect(run.errors[0]).toMatchObject({ failure_type: 'config_error' });
  expect(run.errors[0]?.message).toContain(`state.json, ${place}: `);
});

test('refuses a state of another stream rather than reading everything again', async () => {
  const state = [{ type: 'STREAM', stream: { stream_descriptor: { name: 'a' }, stream_state: { other_field: 1 } } }];
  const run = await probe('read', {
    config: { streams: [{ name: 'a', cursorField: 'updated_at' }] },
    streams: ['a'],
    mode: 'incremental',
    state,
  });

  expect(run.exitCode).toBe(1);
  expect(run.errors[0]).toMatchObject({
    failure_type: 'config_error',
    message: expect.stringContaining('no value for the cursor field "updated_at"'),
  });
});

test.each([
  ['no command', []],
  ['an unknown command', ['write']],
  ['an unknown option', ['spec', '--colour']],
  ['a missing option', ['read', '--config', 'config.json']],
  ['an option without its value', ['check', '--config']],
  ['a value that is not a choice', ['read', '--config', 'c', '--catalog', 'c', '--validation', 'lax']],
])('prints usage on stderr for %s, exit 2', async (_name, args) => {
  const run = await probeRaw(args);

  expect(run.exitCode).toBe(2);
  expect(run.stdout).toBe('');
  expect(run.stderr).toContain('Usage: ');
});

test('prints help and version, exit 0', async () => {
  const [help, ofRead, version] = await Promise.all(
    [['--help'], ['read', '--help'], ['--version']].map((args) => probeRaw(args)),
  );

  expect([help!.exitCode, ofRead!.exitCode, version!.exitCode]).toEqual([0, 0, 0]);
  expect(help!.stdout).toMatch(/spec[\s\S]*check[\s\S]*discover[\s\S]*read/);
  expect(ofRead!.stdout).toMatch(/--config <path>[\s\S]*--catalog <path>[\s\S]*--state <path>/);
  expect(version!.stdout.trim()).toMatch(/^\d+\.\d+\.\d+/);
});

test('takes --flag=value and --debug anywhere after the command', async () => {
  const folder = await temporaryFolder();
  const config = await folder.write('config.json', { base_url: 'http://127.0.0.1:1', api_key: secret });
  const runs = await Promise.all([
    probeRaw(['check', `--config=${config}`]),
    probeRaw(['check', '--debug', '--config', config]),
    probeRaw(['check', '--config', config, '--debug']),
  ]);
  await folder.remove();

  for (const run of runs) {
    expect(run.exitCode).toBe(0);
    expect(run.notJson).toEqual([]);
    expect(run.messages.at(-1)?.connectionStatus?.status).toBe('SUCCEEDED');
  }
});

test('saves a changed config through CONTROL in clear, and hides its new secret elsewhere', async () => {
  const run = await probe('check', { config: { check: 'refresh' } });

  expect(run.exitCode).toBe(0);
  const control = run.messages.find(({ type }) => type === 'CONTROL')?.control;
  expect(control?.connectorConfig?.config).toMatchObject({ api_key: 'a-fresh-token-1' });
  expect(run.logs).toEqual([{ level: 'INFO', message: 'refreshed to ****' }]);
});
