import type { Violation } from '../errors.ts';
import { isJsonObject } from '../protocol/json.ts';
import { escapeSegment } from '../schema/json-pointer.ts';

/** What is wrong with the value of one field: a violation each, none when it is right. No message quotes a secret. */
export type Check = (value: unknown, pointer: string) => readonly Violation[];

/** A check that is one question; `expected` finishes the sentence "expected …". */
export const expecting =
  (expected: string, holds: (value: unknown) => boolean): Check =>
  (value, pointer) =>
    holds(value) ? [] : [{ pointer, message: `expected ${expected}, but it is ${kindOf(value)}` }];

export const text = expecting('a text that is not empty', (value) => typeof value === 'string' && value !== '');
export const anyText = expecting('a text', (value) => typeof value === 'string');
export const object = expecting('an object', isJsonObject);
export const callback = expecting('a function', (value) => typeof value === 'function');
export const milliseconds = expecting(
  'a number of milliseconds, 0 or more',
  (value) => typeof value === 'number' && value >= 0,
);
export const count = expecting('a whole number, 1 or more', (value) => Number.isInteger(value) && Number(value) >= 1);

/** A list, each item of which passes. */
export const listOf =
  (check: Check): Check =>
  (value, pointer) =>
    Array.isArray(value)
      ? value.flatMap((item, index) => check(item, `${pointer}/${index}`))
      : [{ pointer, message: `expected a list, but it is ${kindOf(value)}` }];

/** An object of texts under any names. */
export const texts: Check = (value, pointer) =>
  isJsonObject(value)
    ? Object.entries(value).flatMap(([name, item]) => anyText(item, `${pointer}/${escapeSegment(name)}`))
    : object(value, pointer);

/** An object with these fields and no others. A field that is undefined counts as left out. */
export const fields =
  <T extends object>(
    checks: Readonly<Record<keyof T & string, Check>>,
    required: readonly (keyof T & string)[],
  ): Check =>
  (value, pointer) => {
    if (!isJsonObject(value)) return object(value, pointer);
    const known = new Map<string, Check>(Object.entries(checks));
    const missing = required
      .filter((name) => value[name] === undefined)
      .map((name) => ({ pointer: `${pointer}/${name}`, message: 'is missing' }));
    const wrong = Object.entries(value).flatMap(([name, item]) => {
      const place = `${pointer}/${escapeSegment(name)}`;
      const check = known.get(name);
      if (!check) return [{ pointer: place, message: `unknown field. Known: ${[...known.keys()].join(', ')}` }];
      return item === undefined ? [] : check(item, place);
    });
    return [...missing, ...wrong];
  };

/** A number may be quoted; a text might be a secret in the wrong place. */
const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (value === '') return 'empty';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : typeof value === 'string' ? 'a text' : `a ${typeof value}`;
};
