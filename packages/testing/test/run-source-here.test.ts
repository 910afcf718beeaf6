import { expect, test } from '@jest/globals';
import { Source, Stream, type SliceContext } from '@headwater/core';

import { catalogOf } from '../src/catalog-of.ts';
import { runConnector } from '../src/run-connector.ts';
import { ConnectorTimeoutError } from '../src/start-connector.ts';
import { stateOf } from '../src/state-of.ts';
import { temporaryFolder } from '../src/temporary-folder.ts';

class Numbers extends Stream {
  override readonly schema = { type: 'object', properties: { n: { type: 'integer' }, text: { type: 'string' } } };
  override readonly cursorField = 'n';
  override readonly checkpointEvery = 1;

  async *read({ state, signal, config }: SliceContext) {
    for (let n = Number(state['n'] ?? 0) + 1; n <= 3; n++) yield { n, text: 'ü'.repeat(100_000) };
    if (config['hangs'] !== true) return;
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  }
}

class Counting extends Source {
  override readonly spec = {
    connectionSpecification: { type: 'object', properties: { token: { airbyte_secret: true } } },
  };

  async check() {
    throw new Error('The API is closed: s3cret-token.');
  }

  streams(config: { readonly [name: string]: never }) {
    return [new Numbers({ config })];
  }
}

const setUp = async (config: object = {}) => {
  const folder = await temporaryFolder();
  const path = await folder.write('config.json', config);
  const discovered = await runConnector(new Counting(), ['discover', '--config', path]);
  const catalog = await folder.write('catalog.json', catalogOf(discovered));
  return {
    path,
    read: (...more: readonly string[]) => ['read', '--config', path, '--catalog', catalog, ...more],
    folder,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
};

test('runs a source within the process, and goes on from its state', async () => {
  await using set = await setUp();

  const first = await runConnector(new Counting(), set.read());
  const state = await set.folder.write('state.json', stateOf(first));
  const second = await runConnector(new Counting(), set.read('--state', state));

  expect(first.exitCode).toBe(0);
  expect(first.notJson).toEqual([]);
  expect(first.recordsOf('numbers').map(({ n }) => n)).toEqual([1, 2, 3]);
  expect(first.statuses('numbers')).toEqual(['STARTED', 'RUNNING', 'COMPLETE']);
  expect(second.recordsOf('numbers')).toEqual([]);
});

test('gives the exit codes and the messages of a process', async () => {
  await using set = await setUp({ token: 's3cret-token' });

  const failed = await runConnector(new Counting(), ['check', '--config', set.path]);
  const missing = await runConnector(new Counting(), ['read', '--config', 'nowhere.json', '--catalog', 'nowhere.json']);
  const unknown = await runConnector(new Counting(), ['check', '--nothing']);

  expect(failed.messages.at(-1)?.trace?.error?.message ?? failed.stdout).toContain('The API is closed');
  expect(failed.stdout).not.toContain('s3cret-token');
  expect(missing.exitCode).toBe(1);
  expect(missing.errors[0]?.failure_type).toBe('config_error');
  expect(unknown.exitCode).toBe(2);
});

test('stops a source as SIGTERM would', async () => {
  await using set = await setUp({ hangs: true });

  const run = await runConnector(new Counting(), set.read(), { killAfter: ({ type }) => type === 'RECORD' });

  expect(run.exitCode).toBe(143);
  expect(run.statuses('numbers').at(-1)).toBe('INCOMPLETE');
});

test('rejects what does not end in time, what a listener throws, and options of a process', async () => {
  await using set = await setUp({ hangs: true });

  await expect(runConnector(new Counting(), set.read(), { timeout: 300 })).rejects.toThrow(ConnectorTimeoutError);
  const onLine = () => {
    throw new Error('Not what I wanted.');
  };
  await expect(runConnector(new Counting(), set.read(), { onLine })).rejects.toThrow('Not what I wanted.');
  await expect(runConnector(new Counting(), set.read(), { cwd: '/' })).rejects.toThrow('cwd is for a process');
});
