import type { AirbyteMessage } from '@headwater/core';
import { expect, test } from '@jest/globals';

import { ConnectorRun } from '../src/connector-run.ts';
import { stateOf } from '../src/state-of.ts';

const runOf = (...messages: AirbyteMessage[]): ConnectorRun =>
  new ConnectorRun({ exitCode: 0, signal: null, stdout: '', stderr: '', messages, notJson: [] });

const record = (stream: string, id: number): AirbyteMessage => ({
  type: 'RECORD',
  record: { stream, data: { id }, emitted_at: 0 },
});

const state = (name: string, at: number, namespace?: string): AirbyteMessage => ({
  type: 'STATE',
  state: {
    type: 'STREAM',
    stream: { stream_descriptor: { name, ...(namespace && { namespace }) }, stream_state: { at } },
  },
});

test('groups records by stream', () => {
  const run = runOf(record('b', 1), record('a', 2), record('b', 3));

  expect(run.records).toEqual({ b: [{ id: 1 }, { id: 3 }], a: [{ id: 2 }] });
  expect(run.recordsOf('b')).toEqual([{ id: 1 }, { id: 3 }]);
  expect(run.recordsOf('c')).toEqual([]);
});

test('lists the last state of each stream', () => {
  const run = runOf(state('a', 1), state('b', 2), state('a', 3), state('a', 4, 'other'));

  expect(run.states).toHaveLength(4);
  expect(stateOf(run)).toEqual([state('a', 3).state, state('b', 2).state, state('a', 4, 'other').state]);
});

test('lists the last global state alone', () => {
  const global = (at: number): AirbyteMessage => ({
    type: 'STATE',
    state: { type: 'GLOBAL', global: { shared_state: { at }, stream_states: [] } },
  });

  expect(stateOf(runOf(global(1), global(2)))).toEqual([global(2).state]);
  expect(stateOf(runOf())).toEqual([]);
});

test('sorts logs, traces, errors and statuses out', () => {
  const status = (name: string, value: 'STARTED' | 'COMPLETE'): AirbyteMessage => ({
    type: 'TRACE',
    trace: { type: 'STREAM_STATUS', emitted_at: 0, stream_status: { stream_descriptor: { name }, status: value } },
  });
  const error = { message: 'The key is wrong.', failure_type: 'config_error' } as const;

  const run = runOf(
    status('a', 'STARTED'),
    { type: 'LOG', log: { level: 'INFO', message: 'hello' } },
    status('b', 'STARTED'),
    status('a', 'COMPLETE'),
    { type: 'TRACE', trace: { type: 'ERROR', emitted_at: 0, error } },
  );

  expect(run.logs).toEqual([{ level: 'INFO', message: 'hello' }]);
  expect(run.traces).toHaveLength(4);
  expect(run.errors).toEqual([error]);
  expect(run.statuses('a')).toEqual(['STARTED', 'COMPLETE']);
});
