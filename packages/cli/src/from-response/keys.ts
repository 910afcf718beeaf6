import type { Guess, JsonObject } from '../plan/plan.ts';
import { singular } from '../plan/words.ts';
import type { Shape } from './shape.ts';

const KEYS = ['id', '_id', 'uuid', 'guid', 'uid', 'gid', 'key', 'number', 'code', 'sku', 'slug', 'sid', 'name'];

/** What identifies a record, by the samples: one field that is there, not null and different in each of them. */
export const guessPrimaryKey = (
  records: readonly JsonObject[],
  shape: Shape,
  stream: string,
): { readonly field: string | undefined; readonly guess: Guess } => {
  const about = 'primary key';
  const one = singular(stream);
  const named = [...KEYS, `${one}_id`, `${one}Id`, `${one}ID`, `${one}_key`, `${one}_uuid`, `${one}_number`];
  const plain = (name: string) => name.toLowerCase();
  const inOrder = named.flatMap((name) => [...shape.fields.keys()].filter((key) => plain(key) === plain(name)));
  const others = [...shape.fields].filter(([, field]) => field.format === 'uuid').map(([key]) => key);
  const refused: string[] = [];
  for (const key of new Set([...inOrder, ...others])) {
    const why = refusal(records, shape, key);
    if (why !== undefined) {
      refused.push(`${key} ${why}`);
      continue;
    }
    const few = records.length < 3 ? ` Only ${records.length} seen: look at more.` : '';
    return { field: key, guess: { about, decided: key, because: `Unique in ${seen(records.length)}.${few}` } };
  }
  const because = refused.length === 0 ? 'No field is named like a key.' : `${refused.join('; ')}.`;
  return { field: undefined, guess: { about, decided: 'none', because } };
};

const refusal = (records: readonly JsonObject[], shape: Shape, key: string): string | undefined => {
  const field = shape.fields.get(key);
  if (!field || field.count < records.length) return 'is not in every record';
  if (field.nulls > 0) return 'is null in some records';
  if (field.integers + field.texts < field.count) return 'is neither text nor integer';
  if (field.integers > 0 && field.texts > 0) return 'is a text in some records and a number in others';
  if (new Set(records.map((record) => String(record[key]))).size < records.length) return 'is not unique';
  return undefined;
};

const CHANGED =
  /^(date_?)?(last_?)?(updated|modified|changed|edited|update|modification|change)(_?(at|on|date|time|datetime|timestamp|utc))?$|^(date|time|last)_?(updated|modified|changed)$/i;

/** The field that grows with each change of a record. */
export const guessCursorField = (
  records: readonly JsonObject[],
  shape: Shape,
): { readonly field: string | undefined; readonly guess: Guess } => {
  const about = 'cursor field';
  const candidates = [...shape.fields].filter(([key]) => CHANGED.test(key));
  const refused: string[] = [];
  for (const [key, field] of candidates) {
    const isTime = field.format === 'date-time' || field.format === 'date';
    if (!isTime || field.texts + field.nulls < field.count) refused.push(`${key} is no date-time`);
    else if (field.nulls > 0) refused.push(`${key} is null in some records`);
    else if (field.count < records.length) refused.push(`${key} is not in every record`);
    else return { field: key, guess: { about, decided: key, because: becauseOf(records, key) } };
  }
  const none = 'No field is named like the time of the last change.';
  return {
    field: undefined,
    guess: { about, decided: 'none', because: refused.length > 0 ? `${refused.join('; ')}.` : none },
  };
};

const becauseOf = (records: readonly JsonObject[], key: string): string => {
  const times = records.map((record) => Date.parse(String(record[key])));
  const pairs = times.slice(1).map((time, index) => Math.sign(time - (times[index] ?? time)));
  const steps = new Set(pairs.filter((sign) => sign !== 0));
  const order =
    steps.size === 0
      ? 'too few different times to tell their order'
      : steps.size === 2
        ? 'the samples were in no order of it'
        : `the samples were in ${steps.has(1) ? 'ascending' : 'descending'} order of it`;
  const remedy = steps.size === 1 && steps.has(1) ? ' checkpointEvery may be set, if that is always so.' : '';
  return `A date-time in ${seen(records.length)}, never null; ${order}.${remedy}`;
};

const seen = (count: number): string => (count === 1 ? 'the one record seen' : `all ${count} records seen`);
