import { expect, test } from '@jest/globals';
import type { AirbyteMessage } from '@headwater/core';
import { Progress } from '../../src/read/progress.ts';

const record = (stream: string): AirbyteMessage => ({ type: 'RECORD', record: { stream, data: {}, emitted_at: 1 } });
const trace = (content: object): AirbyteMessage =>
  ({ type: 'TRACE', trace: { emitted_at: 1, ...content } }) as unknown as AirbyteMessage;
const status = (name: string, to: string, reasons?: object[]): AirbyteMessage =>
  trace({ type: 'STREAM_STATUS', stream_status: { stream_descriptor: { name }, status: to, reasons } });
const error = (message: string, name?: string): AirbyteMessage =>
  trace({ type: 'ERROR', error: { message, ...(name && { stream_descriptor: { name } }) } });

test('follows the streams by their statuses and records', () => {
  const progress = new Progress(['a', 'b', 'c'], () => 7);

  for (const message of [status('a', 'STARTED'), record('a'), record('a'), status('a', 'COMPLETE'), record('b')]) {
    progress.message(message);
  }

  expect(progress.streams).toMatchObject([
    { name: 'a', status: 'done', records: 2, began: 7, ended: 7 },
    { name: 'b', status: 'reading', records: 1 },
    { name: 'c', status: 'waiting', records: 0 },
  ]);
});

test('keeps the first end of a stream', () => {
  const progress = new Progress(['a']);

  progress.end('a', 'limit');
  progress.message(status('a', 'INCOMPLETE'));

  expect(progress.of('a')?.status).toBe('limit');
});

test('knows until when a stream waits from its status', () => {
  const progress = new Progress(['a']);

  progress.message(status('a', 'RUNNING', [{ type: 'RATE_LIMITED', rate_limited: { quota_reset: 99 } }]));

  expect(progress.of('a')).toMatchObject({ waitingUntil: 99, waitReason: 'rate_limit' });
});

test('adds up what the probe reports', () => {
  const progress = new Progress(['a']);
  const report = {
    requests: 2,
    statuses: { 200: 1, 429: 1 },
    waits: 1,
    waited: 500,
    waitingUntil: 9,
    waitReason: 'retry',
  };

  progress.report({
    headwater: 'probe',
    streams: { a: report, '': { requests: 1, statuses: {}, waits: 0, waited: 0 } },
  });
  progress.report({ headwater: 'probe', streams: { a: { ...report, quota: { remaining: 3 } } } });

  expect(progress.snapshot()).toMatchObject({ isProbed: true, otherRequests: 1 });
  expect(progress.of('a')).toMatchObject({
    requests: 4,
    statuses: { 200: 2, 429: 2 },
    waits: 2,
    waited: 1000,
    waitingUntil: 9,
    quota: { remaining: 3 },
  });
});

test('does not count the sum of failures as one more', () => {
  const progress = new Progress(['a', 'b']);

  progress.message(error('No permission.', 'a'));
  progress.message(error('The following streams did not sync: a: No permission.'));
  progress.message(status('a', 'COMPLETE'));

  expect(progress.of('a')).toMatchObject({ status: 'failed', failures: [{ message: 'No permission.' }] });
  expect(progress.failures).toEqual([]);
});
