import { expect, test } from '@jest/globals';
import { LosslessNumber } from 'lossless-json';
import { ConnectorError, StateError } from '../../../src/errors.ts';
import { counterCursor } from '../../../src/stream/cursors/counter-cursor.ts';
import { opened, readingsAfter, seen, stateAfter, windowsAfter } from './cursor-run.ts';

const field = 'version';

test('goes on from the greatest number', async () => {
  const cursor = await opened(counterCursor({ field }));
  const [first] = readingsAfter(cursor);
  seen(first!, { version: 9 }, { version: '10' }, { version: 7n }, { version: new LosslessNumber('8') });
  const state = stateAfter(cursor, [first!]);

  expect(first!.window).toEqual({});
  expect(state).toEqual({ version: 10 });
  expect(readingsAfter(cursor, state)[0]).toMatchObject({ state: { version: 10 }, window: { start: 10 } });
});

test('keeps numbers that a double cannot hold', async () => {
  const cursor = await opened(counterCursor({ field }));
  const [reading] = readingsAfter(cursor, { version: '9007199254740993' });
  seen(reading!, { version: 9007199254740995n }, { version: 9007199254740994n });

  expect(reading!.window).toEqual({ start: '9007199254740993' });
  expect(stateAfter(cursor, [reading!])).toEqual({ version: '9007199254740995' });
});

test('steps from the start to the end', async () => {
  const cursor = await opened(counterCursor({ field, start: 1, end: 25, step: 10 }));

  expect(windowsAfter(cursor)).toEqual([
    { start: 1, end: 11 },
    { start: 11, end: 21 },
    { start: 21, end: 25 },
  ]);
  expect(stateAfter(cursor, readingsAfter(cursor))).toEqual({ version: 25 });
});

test('ends windows before the next one begins when it has a granularity', async () => {
  const cursor = await opened(counterCursor({ field, start: 0, end: 20, step: 10, granularity: 1 }));

  expect(windowsAfter(cursor)).toEqual([
    { start: 0, end: 9 },
    { start: 10, end: 19 },
  ]);
});

test('looks back, but not before the start', async () => {
  const cursor = await opened(counterCursor({ field, start: 5, lookback: 10 }));

  expect(windowsAfter(cursor, { version: 100 })).toEqual([{ start: 90 }]);
  expect(windowsAfter(cursor, { version: 12 })).toEqual([{ start: 5 }]);
});

test.each([1.5, '1.5', '', 'x', null, true, Number.NaN, new LosslessNumber('1.5')])(
  'finds no count in %p',
  async (value) => {
    const cursor = await opened(counterCursor({ field, missing: 'drop' }));

    expect(seen(readingsAfter(cursor)[0]!, { version: value })).toEqual([]);
  },
);

test('is no time', async () => {
  const cursor = await opened(counterCursor({ field }));
  const { overall } = cursor;
  const [low, high] = [1, 2].map((version) => cursor.parse({ version }, 'The state'));

  expect(overall!.furthest(low, high)).toEqual(high);
  expect(overall!.earlier(high, 1)).toBeUndefined();
});

test.each([
  [{ step: 10 }, 'step: 10 does not work. Windows need a place to begin'],
  [{ start: 1, step: 10 }, 'step: 10 does not work. Windows need a place to end'],
  [{ adaptive: { maxRecords: 5, minStep: 2n } }, 'adaptive: {"maxRecords":5,"minStep":2} does not work. Give step'],
  [{ start: 1.5 }, 'start: 1.5 does not work. Give a whole number.'],
  [{ start: 1, end: 9, step: 0 }, 'step: 0 does not work. Give a whole number of at least 1.'],
  [{ lookback: -1 }, 'lookback: -1 does not work. Give a whole number of at least 0.'],
  [{ start: 1, end: 9, step: 5, granularity: 5n }, 'granularity: 5 does not work. It has to be less than step.'],
  [
    { start: 1, end: 9, step: 5, adaptive: { maxRecords: 5, maxStep: 4 } },
    'adaptive.maxStep: 4 does not work. It has to be at least step.',
  ],
])('refuses %j', (options, message) => {
  const make = () => counterCursor({ field, ...options });

  expect(make).toThrow(ConnectorError);
  expect(make).toThrow(`counterCursor.${message}`);
});

test('refuses a state that is no count', async () => {
  const cursor = await opened(counterCursor({ field }));
  const parse = () => cursor.parse({ version: '2024-01-01' }, 'The state');

  expect(parse).toThrow(StateError);
  expect(parse).toThrow('The state, member "version" is "2024-01-01", not a whole number. Give the state');
});
