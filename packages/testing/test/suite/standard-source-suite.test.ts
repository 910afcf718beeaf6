import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { checkSource } from '../../src/suite/check-source.ts';
import type { SourceSuiteOptions } from '../../src/suite/source-options.ts';
import { sourceRules } from '../../src/suite/source-rules.ts';
import { standardSourceSuite } from '../../src/suite/standard-source-suite.ts';
import type { RegisterTest } from '../../src/suite/test-runner.ts';
import { temporaryFolder } from '../../src/temporary-folder.ts';
import { itemsApi, KEY } from './connectors/items-api.ts';

const SOURCE = fileURLToPath(new URL('connectors/source.js', import.meta.url));

/** A runner that keeps what is registered. */
const runner = () => {
  const tests = new Map<string, () => Promise<void>>();
  const printed: string[] = [];
  const register: RegisterTest = (name, body) => tests.set(name.split(':')[0] ?? '', body);
  return { tests, printed, options: { test: register, print: (text: string) => void printed.push(text) } };
};

test('registers one test for every rule, and runs nothing before one of them begins', () => {
  const { tests, options } = runner();

  standardSourceSuite('/no/such/connector.js', { config: {}, ...options });

  expect([...tests.keys()]).toEqual(sourceRules.map(({ id }) => id));
});

test('registers the chosen rules, and refuses a name that no rule has', () => {
  const { tests, options } = runner();

  standardSourceSuite(SOURCE, { config: {}, only: ['spec-valid', 'discover-valid'], skip: ['spec-valid'], ...options });

  expect([...tests.keys()]).toEqual(['discover-valid']);
  expect(() => standardSourceSuite(SOURCE, { config: {}, skip: ['spec'], ...options })).toThrow(
    /There is no rule "spec"\. Known: spec-valid,/,
  );
});

test('passes, prints why a rule is skipped, and fails with evidence and remedy', async () => {
  await using api = await itemsApi();
  const { tests, printed, options } = runner();
  standardSourceSuite(SOURCE, {
    config: { base_url: api.url, api_key: KEY },
    env: { SABOTAGE: 'secret-not-marked' },
    only: ['spec-valid', 'spec-secrets-marked', 'expected-records'],
    ...options,
  });

  await tests.get('spec-valid')?.();
  await tests.get('expected-records')?.();

  expect(printed).toEqual(['skipped expected-records: No expectedRecords are given.\n']);
  await expect(tests.get('spec-secrets-marked')?.()).rejects.toThrow(
    /error: The config field api_key .*\n +remedy: Mark it/,
  );
});

test('skips what a cassette has no answer for, and says how to go on', async () => {
  await using folder = await temporaryFolder();
  const replaying = await folder.write(
    'replaying.mjs',
    `import { readFileSync } from 'node:fs';
const say = (type, member, content) => console.log(JSON.stringify({ type, [member]: content }));
const [command, ...args] = process.argv.slice(2);
const stream = { name: 'a', json_schema: { type: 'object' }, supported_sync_modes: ['full_refresh', 'incremental'] };
const mode = process.env.HEADWATER_CASSETTE;
if (!mode) throw new Error('live');
if (command === 'discover') say('CATALOG', 'catalog', { streams: [stream] });
else if (mode === 'replay' && args.includes('--state')) {
  say('TRACE', 'trace', { type: 'ERROR', error: { message: 'The cassette ' + process.env.HEADWATER_CASSETTE_DIR + '/a.json has no answer to GET /a?since=1.' } });
  process.exitCode = 1;
} else {
  say('RECORD', 'record', { stream: 'a', data: { id: 1 }, emitted_at: 1 });
  const descriptor = { stream_descriptor: { name: 'a' }, stream_state: { since: 1 } };
  say('STATE', 'state', { type: 'STREAM', stream: descriptor, sourceStats: { recordCount: 1 } });
}`,
  );

  const options: SourceSuiteOptions = {
    config: {},
    cwd: folder.path,
    cassettes: 'tapes',
    only: ['read-succeeds', 'state-is-resume-point', 'survives-faults', 'check-refuses-wrong-config'],
  };
  const reasonsOf = async (mode: string | undefined) => {
    const report = await checkSource(replaying, { ...options, env: { HEADWATER_CASSETTE: mode } });
    return Object.fromEntries(report.results.map(({ rule, outcome, reason }) => [rule, `${outcome} ${reason ?? ''}`]));
  };

  const reasons = await reasonsOf(undefined);
  const recording = await reasonsOf('record');

  expect(reasons['read-succeeds']).toBe('passed ');
  expect(reasons['state-is-resume-point']).toContain(
    `skipped The cassette has no answer for what this rule makes the connector ask (The cassette ${folder.path}/tapes/a.json`,
  );
  expect(reasons['survives-faults']).toMatch(/^skipped .*does not know --har/);
  expect(reasons['check-refuses-wrong-config']).toMatch(/^skipped .*invalidConfig/);
  expect(recording['state-is-resume-point']).toBe('passed ');
  expect(recording['survives-faults']).toBe('skipped Faults are not recorded. Try the rule in replay.');
});

test('never asks the API itself while recordings are made from another origin', async () => {
  await using folder = await temporaryFolder();
  const runs = join(folder.path, 'runs.txt');
  const checking = await folder.write(
    'checking.mjs',
    `import { appendFileSync } from 'node:fs';
appendFileSync(${JSON.stringify(runs)}, process.argv[2] + ' ' + process.env.HEADWATER_CASSETTE + '\\n');
console.log(JSON.stringify({ type: 'CONNECTION_STATUS', connectionStatus: { status: 'SUCCEEDED' } }));`,
  );
  const suite = (mode: string | undefined) =>
    checkSource(checking, {
      config: { password: 'hunter2' },
      invalidConfig: { password: 'wrong' },
      ...(mode === 'record' && { cassettes: join(folder.path, 'tapes') }),
      env: { HEADWATER_CASSETTE: mode, HEADWATER_CASSETTE_ORIGIN: 'http://127.0.0.1:1' },
      only: ['check-accepts-config', 'check-refuses-wrong-config'],
    });

  const { results } = await suite('record');

  expect(results.map(({ outcome }) => outcome)).toEqual(['passed', 'skipped']);
  expect(results[1]?.reason).toMatch(/HEADWATER_CASSETTE_ORIGIN is for recording only/);
  await expect(suite('off')).rejects.toThrow(/the connector would ask the API itself. Set both, or none/);
  await expect(suite(undefined)).rejects.toThrow(TypeError);
  expect(await readFile(runs, 'utf8')).toBe('spec record\ncheck record\n');
});

test('says when no request reaches the proxy', async () => {
  await using api = await itemsApi();
  const config = { base_url: api.url, api_key: KEY };

  const report = await checkSource(SOURCE, {
    config,
    hostile: { api: api.url, configOf: () => config },
    only: ['survives-faults'],
  });

  expect(report.findings.map(({ evidence }) => evidence)).toEqual(['No request came while the connector read.']);
});

test('throws when the connector cannot be started', async () => {
  await expect(checkSource(['/no/such/program'], { config: {} })).rejects.toThrow(/ENOENT/);
});

test('needs two lines under node:test', async () => {
  await using api = await itemsApi();
  await using folder = await temporaryFolder();
  // The runner is found in a process that has no global test.
  const loader = fileURLToPath(new URL('../../dist/suite/standard-source-suite.js', import.meta.url));
  const file = await folder.write(
    'acceptance.mjs',
    `import { standardSourceSuite } from ${JSON.stringify(loader)};
standardSourceSuite(${JSON.stringify(SOURCE)}, ${JSON.stringify({ config: { base_url: api.url, api_key: KEY }, only: ['spec-valid', 'discover-stable'] })});`,
  );

  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap', file], { env });

  expect(stdout).toMatch(/# pass 2/);
});
