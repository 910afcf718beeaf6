import { expect, test } from '@jest/globals';
import { ConnectorError } from '../../../src/errors.ts';
import { dateTimeCursor } from '../../../src/stream/cursors/date-time-cursor.ts';
import { opened } from './cursor-run.ts';

const field = 'updated_at';

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
