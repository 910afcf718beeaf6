import type { StreamPlan } from '../plan/plan.ts';
import { literal } from './text.ts';

/** How an API writes the time of a change. */
type TimeForm = 'date-time' | 'date' | 'seconds' | 'milliseconds';

/** The field that says what is new; none of those that every object has, such as `constructor`. */
export const cursorOf = ({ cursorField }: StreamPlan): string | undefined =>
  cursorField !== undefined && cursorField in {} ? undefined : cursorField;

/** How a start date becomes the first value of `sinceParam`; undefined where there is none, or nobody can tell. */
export const startOf = (stream: StreamPlan): TimeForm | undefined => {
  const form = stream.sinceParam === undefined ? undefined : formOf(stream);
  return form === 'number' ? undefined : form;
};

/** The field of a stream that says what is new. Where the API cannot be asked for it, older records are left out here. */
export const cursorLines = (stream: StreamPlan): readonly string[] => {
  const field = cursorOf(stream);
  if (field === undefined) return [];
  const filter = stream.sinceParam === undefined ? FILTERS[formOf(stream) ?? 'unknown'] : undefined;
  if (!filter) return [`override readonly cursorField = ${literal(field)};`];
  const options = { field, ...filter.options, clientSide: true };
  return [`override readonly cursor = ${filter.cursor}(${literal(options)});`];
};

const FILTERS: Readonly<Record<string, { readonly cursor: string; readonly options?: object }>> = {
  'date-time': { cursor: 'dateTimeCursor' },
  date: { cursor: 'dateTimeCursor', options: { format: '%Y-%m-%d' } },
  seconds: { cursor: 'dateTimeCursor', options: { format: 'epoch-seconds' } },
  milliseconds: { cursor: 'dateTimeCursor', options: { format: 'epoch-millis' } },
  number: { cursor: 'counterCursor' },
};

/** What the values of the cursor field are; `number` for one that is no time. */
const formOf = (stream: StreamPlan): TimeForm | 'number' | undefined => {
  const field = cursorOf(stream);
  if (field === undefined) return undefined;
  const { schema, examples } = stream;
  const value = examples.map((record) => record[field]).find((found) => found !== null && found !== undefined);
  if (typeof value === 'number') return value >= 1e11 ? 'milliseconds' : value >= 1e8 ? 'seconds' : 'number';
  if (typeof value !== 'string') return undefined;
  const format = formatIn(schema, field);
  if (format === 'date' || /^\d{4}-\d{2}-\d{2}$/.test(value)) return 'date';
  return format === 'date-time' || /^\d{4}-\d{2}-\d{2}T/.test(value) ? 'date-time' : undefined;
};

const formatIn = (schema: StreamPlan['schema'], field: string): unknown => {
  const properties = Object(schema['properties']) as Readonly<Record<string, unknown>>;
  return Object.hasOwn(properties, field) ? (Object(properties[field]) as { format?: unknown }).format : undefined;
};
