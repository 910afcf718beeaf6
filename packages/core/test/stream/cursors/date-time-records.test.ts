import { expect, test } from '@jest/globals';
import { ConnectorError } from '../../../src/errors.ts';
import { dateTimeCursor } from '../../../src/stream/cursors/date-time-cursor.ts';
import { opened, readingsAfter, seen, stateAfter } from './cursor-run.ts';

const field = 'updated_at';

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

test('finds the greatest value among values in many forms', async () => {
  const cursor = await opened(dateTimeCursor({ field }));
  const values = [
    '2024-03-01T00:00:00Z',
    '2024-03-02T00:00:00Z',
    '2024-03-03T00:00:00Z',
    '2024-03-03T00:30:00+01:00',
    '2024-03-03',
    '2024-99-03T00:00:00Z',
    '2024-03-03T12:00:00.5Z',
    '2024-03-03T12:00:00Z',
  ];
  const [reading] = readingsAfter(cursor);
  seen(reading!, ...values.map((at) => ({ updated_at: at })));

  expect(stateAfter(cursor, [reading!])).toEqual({ updated_at: '2024-03-03T12:00:00.5Z' });
});

test('finds the greatest among numbers, and takes one in the wrong unit for none', async () => {
  const warnings: string[] = [];
  const cursor = await opened(dateTimeCursor({ field, format: 'epoch-seconds' }), { warnings });
  const [reading] = readingsAfter(cursor);
  const values = [1_709_380_800, 1_709_380_802.5, 1_709_380_801, '1709380803', 1_709_380_800_000, -1];
  seen(reading!, ...values.map((at) => ({ updated_at: at })));

  expect(stateAfter(cursor, [reading!])).toEqual({ updated_at: 1_709_380_803 });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('a record has 1709380800000 in the cursor field');
});
