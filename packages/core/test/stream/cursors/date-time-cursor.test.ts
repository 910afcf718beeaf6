import { expect, test } from '@jest/globals';
import { ConnectorError, StateError } from '../../../src/errors.ts';
import { dateTimeCursor } from '../../../src/stream/cursors/date-time-cursor.ts';
import { opened, readingsAfter, seen, stateAfter, windowsAfter } from './cursor-run.ts';

const field = 'updated_at';

test('reads everything in one window at first', async () => {
  const cursor = await opened(dateTimeCursor({ field }));
  const [reading, ...others] = readingsAfter(cursor);

  expect(reading!.window).toEqual({ end: '2024-03-10T12:00:00Z' });
  expect(reading!.state).toEqual({});
  expect(others).toEqual([]);
});

test('ends where the greatest value of an unfinished window is', async () => {
  const cursor = await opened(dateTimeCursor({ field }));
  const [reading] = readingsAfter(cursor);
  seen(
    reading!,
    { updated_at: '2024-03-02' },
    { updated_at: '2024-03-09T02:00:00+02:00' },
    { updated_at: '2024-03-08' },
  );

  expect(stateAfter(cursor, [reading!])).toEqual({ updated_at: '2024-03-09T00:00:00Z' });
});

test('covers nothing when an unfinished window held nothing', async () => {
  const cursor = await opened(dateTimeCursor({ field }));

  expect(readingsAfter(cursor)[0]!.finished()).toBeUndefined();
});

test('does not take a value from the future for covered', async () => {
  const cursor = await opened(dateTimeCursor({ field }));
  const [reading] = readingsAfter(cursor);
  seen(reading!, { updated_at: '2031-01-01' });

  expect(stateAfter(cursor, [reading!])).toEqual({ updated_at: '2024-03-10T12:00:00Z' });
});

test('goes on where the state ends', async () => {
  const cursor = await opened(dateTimeCursor({ field, start: '2020-01-01' }));
  const [reading] = readingsAfter(cursor, { updated_at: '2024-03-01T00:00:00Z' });

  expect(reading!.window).toEqual({ start: '2024-03-01T00:00:00Z', end: '2024-03-10T12:00:00Z' });
  expect(reading!.state).toEqual({ updated_at: '2024-03-01T00:00:00Z' });
});

test('begins at the start when the state ends before it', async () => {
  const cursor = await opened(dateTimeCursor({ field, start: '2024-03-05' }));
  const [reading] = readingsAfter(cursor, { updated_at: '2024-01-01' });
  seen(reading!, { updated_at: '2024-03-06' });

  expect(reading!.window).toMatchObject({ start: '2024-03-05T00:00:00Z' });
  expect(stateAfter(cursor, [reading!], { updated_at: '2024-01-01' })).toEqual({ updated_at: '2024-03-06T00:00:00Z' });
});

test('steps month by month without drifting', async () => {
  const cursor = await opened(dateTimeCursor({ field, format: '%Y-%m-%d', start: '2023-12-31', step: 'P1M' }));

  expect(windowsAfter(cursor)).toEqual([
    { start: '2023-12-31', end: '2024-01-31' },
    { start: '2024-01-31', end: '2024-02-29' },
    { start: '2024-02-29', end: '2024-03-10' },
  ]);
});

test('makes windows one by one', async () => {
  const cursor = await opened(dateTimeCursor({ field, start: '1990-01-01', step: 'PT0.001S' }));
  const [first] = cursor.readings(undefined);

  expect(first!.window).toEqual({ start: '1990-01-01T00:00:00Z', end: '1990-01-01T00:00:00.001Z' });
});

test('ends windows before the next one begins when the values have a granularity', async () => {
  const options = { field, format: '%Y-%m-%d', start: '2024-03-01', step: 'P5D', granularity: 'P1D' };

  expect(windowsAfter(await opened(dateTimeCursor(options)))).toEqual([
    { start: '2024-03-01', end: '2024-03-05' },
    { start: '2024-03-06', end: '2024-03-10' },
  ]);
});

test('writes the present in whole units of the granularity or the format', async () => {
  const now = '2024-03-10T12:00:00.789Z';

  expect(windowsAfter(await opened(dateTimeCursor({ field }), { now }))).toEqual([{ end: now }]);
  expect(windowsAfter(await opened(dateTimeCursor({ field, granularity: 'PT1S' }), { now }))).toEqual([
    { end: '2024-03-10T12:00:00Z' },
  ]);
  expect(windowsAfter(await opened(dateTimeCursor({ field, format: 'epoch-seconds' }), { now }))).toEqual([
    { end: 1_710_072_000 },
  ]);
});

test('reads today again with a format of whole days', async () => {
  const cursor = await opened(dateTimeCursor({ field, format: '%Y-%m-%d' }));

  expect(windowsAfter(cursor, { updated_at: '2024-03-10' })).toEqual([{ start: '2024-03-10', end: '2024-03-10' }]);
});

test('looks back from the state, but not before the start', async () => {
  const cursor = await opened(dateTimeCursor({ field, start: '2024-01-01', lookback: 'P1M' }));

  expect(windowsAfter(cursor, { updated_at: '2024-03-01T00:00:00Z' })).toMatchObject([
    { start: '2024-02-01T00:00:00Z' },
  ]);
  expect(windowsAfter(cursor, { updated_at: '2024-01-05T00:00:00Z' })).toMatchObject([
    { start: '2024-01-01T00:00:00Z' },
  ]);
  expect(windowsAfter(cursor)).toMatchObject([{ start: '2024-01-01T00:00:00Z' }]);
});

test('keeps its place when looking back found nothing', async () => {
  const cursor = await opened(dateTimeCursor({ field, lookback: 'P1D' }));
  const state = { updated_at: '2024-03-01T00:00:00Z' };
  const [reading] = readingsAfter(cursor, state);
  seen(reading!, { updated_at: '2024-02-29T12:00:00Z' });

  expect(stateAfter(cursor, [reading!], state)).toEqual(state);
});

test('leaves the newest alone with a settle lag', async () => {
  const cursor = await opened(dateTimeCursor({ field, settleLag: 'PT90M' }));

  expect(windowsAfter(cursor)).toEqual([{ end: '2024-03-10T10:30:00Z' }]);
  expect(windowsAfter(cursor, { updated_at: '2024-03-10T10:30:00Z' })).toEqual([]);
});

test('ends at a fixed end that is past and is then done', async () => {
  const cursor = await opened(dateTimeCursor({ field, end: '2024-03-01' }));
  const [reading] = readingsAfter(cursor);
  const state = stateAfter(cursor, [reading!]);

  expect(reading!.window).toEqual({ end: '2024-03-01T00:00:00Z' });
  expect(state).toEqual({ updated_at: '2024-03-01T00:00:00Z' });
  expect(windowsAfter(cursor, state)).toEqual([]);
});

test('does not take the time until an end in the future for covered', async () => {
  const cursor = await opened(dateTimeCursor({ field, end: '2024-12-31' }));
  const [reading] = readingsAfter(cursor);

  expect(reading!.window).toEqual({ end: '2024-03-10T12:00:00Z' });
  expect(stateAfter(cursor, [reading!])).toEqual({});
});

test.each([
  ['day', '2024-03-02T00:00:00Z', '2024-03-10T00:00:00Z'],
  ['week', '2024-02-26T00:00:00Z', '2024-03-04T00:00:00Z'],
  ['month', '2024-03-01T00:00:00Z', undefined],
] as const)('reads whole units only when clamped to the %s', async (clampTo, start, end) => {
  const cursor = await opened(dateTimeCursor({ field, clampTo }));
  const state = { updated_at: '2024-03-02T08:00:00Z' };

  expect(windowsAfter(cursor, state)).toEqual(end === undefined ? [] : [{ start, end }]);
});

test('has read a whole unit when it is over', async () => {
  const cursor = await opened(dateTimeCursor({ field, clampTo: 'day', start: '2024-03-08T15:00:00Z', step: 'P1D' }));
  const readings = readingsAfter(cursor);

  expect(readings.map(({ window }) => window)).toEqual([
    { start: '2024-03-08T00:00:00Z', end: '2024-03-09T00:00:00Z' },
    { start: '2024-03-09T00:00:00Z', end: '2024-03-10T00:00:00Z' },
  ]);
  expect(stateAfter(cursor, readings)).toEqual({ updated_at: '2024-03-10T00:00:00Z' });
});

test('keeps later windows that are done beside the first gap', async () => {
  const cursor = await opened(dateTimeCursor({ field, start: '2024-02-10', step: 'P10D' }));
  const [first, , third] = readingsAfter(cursor);
  const state = stateAfter(cursor, [third!, first!]);

  expect(state).toEqual({ updated_at: '2024-02-20T00:00:00Z' });
  seen(third!, { updated_at: '2024-03-05' });
  const later = stateAfter(cursor, [third!, first!]);
  expect(later).toEqual({
    updated_at: '2024-02-20T00:00:00Z',
    headwater: { version: 1, done: [['2024-03-01T00:00:00Z', '2024-03-05T00:00:00Z']] },
  });
  expect(windowsAfter(cursor, later)).toEqual([
    { start: '2024-02-20T00:00:00Z', end: '2024-03-01T00:00:00Z' },
    { start: '2024-03-05T00:00:00Z', end: '2024-03-10T12:00:00Z' },
  ]);
});

test('loses nothing of later windows to a coarse format', async () => {
  const coarse = dateTimeCursor({ field, format: '%Y-%m-%d', start: '2024-03-01', step: 'P4D' });
  const cursor = await opened(coarse);
  const [, , last] = readingsAfter(cursor);
  seen(last!, { updated_at: '2024-03-09T18:00:00Z' });

  expect(stateAfter(cursor, [last!])).toEqual({
    headwater: { version: 1, done: [['2024-03-09T00:00:00Z', '2024-03-09T18:00:00Z']] },
  });
});

test('says how far it came after each page only when the API sorts', async () => {
  const [sorted, unsorted] = await Promise.all(
    [true, false].map(async (ascending) => opened(dateTimeCursor({ field, ascending }))),
  );
  const [one, other] = [readingsAfter(sorted!)[0]!, readingsAfter(unsorted!)[0]!];
  expect(one.covered!()).toBeUndefined();
  for (const reading of [one, other]) seen(reading, { updated_at: '2024-03-02' }, { updated_at: '2024-03-03' });

  expect(sorted!.toJson(one.covered!())).toEqual({ updated_at: '2024-03-03T00:00:00Z' });
  expect(other.covered!()).toBeUndefined();
});

test('reads a nested field, and a field whose name has dots', async () => {
  const nested = await opened(dateTimeCursor({ field: ['meta', 'updated_at'] }));
  const [reading] = readingsAfter(nested);
  seen(reading!, { meta: { updated_at: '2024-03-02' } }, { meta: null }, { meta: 'x' });
  expect(stateAfter(nested, [reading!])).toEqual({ 'meta.updated_at': '2024-03-02T00:00:00Z' });

  const dotted = await opened(dateTimeCursor({ field: 'meta.updated_at' }));
  const [other] = readingsAfter(dotted);
  seen(other!, { 'meta.updated_at': '2024-03-02' }, { meta: { updated_at: '2024-03-05' } });
  expect(stateAfter(dotted, [other!])).toEqual({ 'meta.updated_at': '2024-03-02T00:00:00Z' });
});

test('reads records in other formats than the one it writes', async () => {
  const cursor = await opened(dateTimeCursor({ field, format: 'epoch-millis', formats: ['%d.%m.%Y'] }));
  const [reading] = readingsAfter(cursor);
  seen(
    reading!,
    { updated_at: '01.03.2024' },
    { updated_at: 1_709_380_800_000 },
    { updated_at: '2024-03-01T10:00:00Z' },
  );

  expect(stateAfter(cursor, [reading!])).toEqual({ updated_at: 1_709_380_800_000 });
});

test('warns once of records without a value and emits them', async () => {
  const warnings: string[] = [];
  const cursor = await opened(dateTimeCursor({ field }), { warnings });
  const records = [{ id: 1 }, { updated_at: 'soon' }, { updated_at: null }];

  expect(seen(readingsAfter(cursor)[0]!, ...records)).toEqual(records);
  expect(seen(readingsAfter(cursor)[0]!, ...records)).toEqual(records);
  expect(warnings).toEqual([
    'Stream "orders": a record has nothing in the cursor field "updated_at", not a time such as ' +
      '"2024-03-10T12:00:00Z". Such records are read, but do not move the cursor. This is said once a sync.',
  ]);
});

test('leaves out records without a value, or fails, as it is told', async () => {
  const dropping = await opened(dateTimeCursor({ field, missing: 'drop' }));
  const failing = await opened(dateTimeCursor({ field, missing: 'fail' }));
  const record = { updated_at: '2024-03-01' };

  expect(seen(readingsAfter(dropping)[0]!, { id: 1 }, record)).toEqual([record]);
  expect(() => seen(readingsAfter(failing)[0]!, record, { updated_at: 'soon' })).toThrow(
    new ConnectorError(
      'Stream "orders": a record has "soon" in the cursor field "updated_at", not a time such as ' +
        '"2024-03-10T12:00:00Z". Correct the cursor\'s field or formats, or set its "missing" to "emit" or "drop".',
    ),
  );
});

test('leaves out what is old when the API cannot', async () => {
  const cursor = await opened(dateTimeCursor({ field, clientSide: true, lookback: 'P1D' }));
  const [reading] = readingsAfter(cursor, { updated_at: '2024-03-05' });
  const records = ['2024-03-03T23:59:59Z', '2024-03-04', '2024-03-05', '2024-03-09'].map((at) => ({ updated_at: at }));

  expect(seen(reading!, ...records)).toEqual(records.slice(1));
  expect(reading!.isPast).toBe(false);
});

test('gives each record to one window when the API cannot filter', async () => {
  const cursor = await opened(dateTimeCursor({ field, clientSide: true, start: '2024-03-01', step: 'P5D' }));
  const records = ['2024-02-29', '2024-03-01', '2024-03-05', '2024-03-06', '2024-03-10'].map((at) => ({
    updated_at: at,
  }));

  expect(readingsAfter(cursor).map((reading) => seen(reading, ...records))).toEqual([
    records.slice(1, 3),
    records.slice(3),
  ]);
});

test('ends a feed at the first record that is older than the last sync', async () => {
  const cursor = await opened(dateTimeCursor({ field, dataFeed: true }));
  const [reading] = readingsAfter(cursor, { updated_at: '2024-03-05T00:00:00Z' });

  expect(seen(reading!, { updated_at: '2024-03-09' }, { updated_at: '2024-03-05' })).toHaveLength(2);
  expect(reading!.isPast).toBe(false);
  expect(seen(reading!, { updated_at: '2024-03-04' })).toHaveLength(0);
  expect(reading!.isPast).toBe(true);
  expect(cursor.toJson(reading!.finished())).toEqual({ updated_at: '2024-03-09T00:00:00Z' });
});

test('reads all of a feed at first', async () => {
  const cursor = await opened(dateTimeCursor({ field, dataFeed: true }));
  const [reading] = readingsAfter(cursor);

  expect(seen(reading!, { updated_at: '2024-03-09' }, { updated_at: '1999-01-01' })).toHaveLength(2);
  expect(reading!.isPast).toBe(false);
});

test('has one position for all slices: the furthest, and earlier ones', async () => {
  const cursor = await opened(dateTimeCursor({ field }));
  const { overall } = cursor;
  const [early, late] = ['2024-03-01', '2024-03-05'].map((at) => cursor.parse({ updated_at: at }, 'The state'));
  const apart = cursor.parse({ headwater: { version: 1, done: [['2024-03-07', '2024-03-08']] } }, 'The state');

  expect(overall!.furthest(early, late)).toEqual(late);
  expect(overall!.furthest(late, early)).toEqual(late);
  expect(overall!.furthest(apart, cursor.merge(early, apart))).toEqual(early);
  expect(cursor.toJson(overall!.earlier(late, 90))).toEqual({ updated_at: '2024-03-04T23:58:30Z' });
  expect(overall!.earlier(apart, 90)).toBeUndefined();
});

test.each([
  [{ step: 'P1D' }, 'step: "P1D" does not work. Windows need a place to begin'],
  [{ adaptive: { maxRecords: 10 } }, 'adaptive: {"maxRecords":10} does not work. Give step'],
  [{ start: '2024-01-01', step: 'P1D', dataFeed: true }, 'step: "P1D" does not work. A data feed'],
  [{ start: '2024-01-01', step: 'P1D', adaptive: { maxRecords: 0 } }, 'adaptive.maxRecords: 0 does not work.'],
  [{ field: [] }, 'field: [] does not work. Name a field'],
  [{ missing: 'ignore' as 'emit' }, 'missing: "ignore" does not work. Choose one of emit, drop, fail.'],
  [{ clampTo: 'year' as 'day' }, 'clampTo: "year" does not work. Choose one of day, week, month.'],
])('refuses %j at once', (options, message) => {
  const make = () => dateTimeCursor({ field, ...options });

  expect(make).toThrow(ConnectorError);
  expect(make).toThrow(`dateTimeCursor.${message}`);
});

const start = '2024-01-01';

test.each([
  [{ start: 'January' }, 'start: "January" does not work.'],
  [{ end: '31.1.2024' }, 'end: "31.1.2024" does not work.'],
  [{ format: 'isoo' }, 'format: there is no format "isoo". Known: iso, epoch-seconds'],
  [{ formats: ['iso', '%H'] }, 'formats[1]: what the pattern "%H" writes'],
  [{ start, step: '30 days' }, 'step: "30 days" is no ISO 8601 duration.'],
  [{ start, step: 'PT0S' }, 'step: "PT0S" does not work. It has to be longer than nothing.'],
  [{ lookback: '-P1D' }, 'lookback: "-P1D" is negative.'],
  [{ settleLag: 'P' }, 'settleLag: "P" is no ISO 8601 duration.'],
  [{ start, step: 'P1D', granularity: 'P1D' }, 'granularity: "P1D" does not work. It has to be shorter than the step'],
  [{ start, step: 'PT1M', format: '%Y-%m-%d' }, 'step: "PT1M" does not work. It is too short for the format %Y-%m-%d.'],
  [{ start, step: 'PT1H', clampTo: 'month' as const }, 'step: "PT1H" does not work. It is too short for clampTo.'],
  [
    { start, step: 'P2D', adaptive: { maxRecords: 5, maxStep: 'P1D' } },
    'adaptive.maxStep: "P1D" does not work. It has to be at least as long as the step.',
  ],
])('refuses %j when it is opened', async (options, message) => {
  const opening = opened(dateTimeCursor({ field, ...options }));

  await expect(opening).rejects.toThrow(ConnectorError);
  await expect(opening).rejects.toThrow(`dateTimeCursor.${message}`);
});

test('reads the intervals of another kit', async () => {
  const cursor = await opened(dateTimeCursor({ field, granularity: 'PT1S', start: '2024-01-01' }));
  const slices = [
    { start: '2024-02-01T00:00:00Z', end: '2024-02-09T23:59:59Z' },
    { start: '2024-02-20T00:00:00Z', end: '2024-03-01T00:00:00Z', most_recent_cursor_value: '2024-02-25T00:00:00Z' },
    { start: '2024-02-10T00:00:00Z', end: '2024-02-14T23:59:59Z', most_recent_cursor_value: '2024-02-11T00:00:00Z' },
  ];
  const progress = cursor.parse({ state_type: 'date-range', slices }, 'The state');

  expect(cursor.toJson(progress)).toEqual({
    updated_at: '2024-02-15T00:00:00Z',
    headwater: { version: 1, done: [['2024-02-20T00:00:00Z', '2024-02-25T00:00:00Z']] },
  });
});

test('knows nothing from an empty state', async () => {
  const cursor = await opened(dateTimeCursor({ field }));

  expect(cursor.parse({}, 'The state')).toBeUndefined();
});

test.each([
  [{ other: 1 }, 'The state has no value for the cursor field "updated_at". Give the state'],
  [{ updated_at: 'soon' }, 'The state, member "updated_at" is "soon", not a time such as "2024-03-10T12:00:00Z". Give'],
  [{ updated_at: null }, 'The state, member "updated_at" is null, not a time'],
  [{ headwater: { version: 2 } }, 'The state, member "headwater" has version 2, and this release knows only 1. Use'],
  [{ headwater: 1 }, 'The state, member "headwater" has version nothing, and this release'],
  [{ headwater: { version: 1 } }, 'The state, member "headwater" has no list "done".'],
  [
    { headwater: { version: 1, done: [['2024-03-01']] } },
    'The state, member "headwater", done[0] is an array, not a pair',
  ],
  [{ headwater: { version: 1, done: [[1, 2]] } }, 'The state, member "headwater", done[0] is 1, not a time'],
  [{ state_type: 'date-range' }, 'The state has no list "slices".'],
  [{ state_type: 'date-range', slices: [7] }, 'The state, slices[0] is 7, not an object.'],
  [{ state_type: 'date-range', slices: [{ start: '2024-03-01' }] }, 'The state, slices[0].end is nothing, not a time'],
])('refuses the state %j', async (state, message) => {
  const cursor = await opened(dateTimeCursor({ field }));
  const parse = () => cursor.parse(state, 'The state');

  expect(parse).toThrow(StateError);
  expect(parse).toThrow(message);
});
