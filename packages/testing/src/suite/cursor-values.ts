import { isObject } from './exact-json.ts';

/** A cursor value that can be compared with others of its kind. */
export type Position =
  | { readonly kind: 'number'; readonly value: number | bigint }
  /** Milliseconds since the epoch. */
  | { readonly kind: 'instant'; readonly value: number };

const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/** Dates, times and numbers, also as text; undefined for what has no order that everybody agrees upon. */
export const positionOf = (value: unknown): Position | undefined => {
  if (typeof value === 'number' || typeof value === 'bigint') return { kind: 'number', value };
  if (typeof value !== 'string') return undefined;
  if (/^-?\d{1,30}$/.test(value)) return { kind: 'number', value: BigInt(value) };
  const [, zone] = DATE.exec(value) ?? [undefined];
  if (!DATE.test(value)) return undefined;
  const text = value.replace(' ', 'T').replace(',', '.');
  const instant = Date.parse(zone === undefined && text.length > 10 ? `${text}Z` : text);
  return Number.isNaN(instant) ? undefined : { kind: 'instant', value: instant };
};

/**
 * Whether `a` lies before `b` by more than `lookback` (milliseconds for times, else the unit of the cursor); undefined
 * when they cannot be compared.
 */
export const isOlder = (a: Position | undefined, b: Position | undefined, lookback = 0): boolean | undefined => {
  if (a === undefined || b === undefined || a.kind !== b.kind) return undefined;
  return lookback === 0 ? a.value < b.value : Number(a.value) < Number(b.value) - lookback;
};

/** Far in the future in the same form; undefined for a value that is no date. */
const futureDate = (value: unknown): string | undefined => {
  if (typeof value !== 'string' || positionOf(value)?.kind !== 'instant') return undefined;
  return value.replace(/^\d{4}/, '2999').replace(/^2999-02-29/, '2999-02-28');
};

const SECONDS_IN_2999 = 32_472_144_000;

/** How epoch numbers since 1973 are told apart by their size, and where each of them lies in the far future. */
const EPOCHS: readonly { readonly from: number; readonly future: number }[] = [
  { from: 1e8, future: SECONDS_IN_2999 },
  { from: 1e11, future: SECONDS_IN_2999 * 1e3 },
  { from: 1e14, future: SECONDS_IN_2999 * 1e6 },
  // The year 2262: 64 bits hold no later nanosecond.
  { from: 1e17, future: 9_214_646_400e9 },
];

const futureNumber = (value: unknown): unknown => {
  const number = Number(value);
  const epoch = EPOCHS.findLast(({ from }) => number >= from);
  const later =
    epoch !== undefined && number < epoch.future
      ? epoch.future
      : Math.min(Number.MAX_SAFE_INTEGER, Math.max(number * 1000, number + 1_000_000));
  if (!(later > number)) return value;
  // All of them are exact in a double, and none is written with an exponent.
  return typeof value === 'string' ? String(later) : later;
};

/**
 * A copy of a state with everything in it that looks like a cursor moved far into the future: dates wherever they stand,
 * numbers where the key is the cursor field's name.
 */
export const futureState = (state: unknown, cursorField: string | undefined): unknown => {
  const move = (value: unknown, key: string | undefined): unknown => {
    const date = futureDate(value);
    if (date !== undefined) return date;
    if (key !== undefined && key === cursorField && positionOf(value)?.kind === 'number') return futureNumber(value);
    if (Array.isArray(value)) return value.map((item: unknown) => move(item, key));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, move(member, name)]));
  };
  return move(state, undefined);
};
