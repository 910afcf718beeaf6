import { isLosslessNumber } from 'lossless-json';
import { ConnectorError, RecordsPathError } from '../errors.ts';
import { excerpt } from '../output/redact.ts';

export type PathStep = { readonly kind: 'member'; readonly name: string } | { readonly kind: 'each' };

/**
 * Where the records stand in a page: member names and wildcards.
 *
 * `$.data[*]`: each item of `data` is a record; `$[*]`: the page is an array of records; `$`: the page is one record.
 */
export type RecordsPath = readonly PathStep[];

/**
 * Compiles a path written as in RFC 9535. Names and wildcards are understood: `$`, `.name`, `['name']`, `["name"]`,
 * `[*]` and `.*`. Throws `ConnectorError` for anything else.
 */
export const compileRecordsPath = (path: string): RecordsPath => {
  if (!path.startsWith('$')) throw unsupported(path, 0, 'A path begins with "$".');
  const steps: PathStep[] = [];
  for (let at = 1; at < path.length;) {
    SEGMENT.lastIndex = at;
    const match = SEGMENT.exec(path);
    if (match === null) throw unsupported(path, at, hintAt(path.slice(at)));
    const { name, quoted } = match.groups ?? {};
    if (quoted !== undefined) steps.push({ kind: 'member', name: unquote(quoted, path, at) });
    else if (name !== undefined) steps.push({ kind: 'member', name });
    else steps.push({ kind: 'each' });
    at = SEGMENT.lastIndex;
  }
  return steps;
};

/**
 * The records a path leads to, in a parsed document.
 *
 * A record may be any value: it is the caller who asks for objects. Throws `RecordsPathError` when the path leads
 * nowhere, be it for one of many items only.
 */
export const selectRecords = (document: unknown, path: RecordsPath): unknown[] => {
  const records: unknown[] = [];
  const place: (string | number)[] = [];

  const select = (value: unknown, depth: number): void => {
    const step = path[depth];
    if (step === undefined) {
      records.push(value);
    } else if (step.kind === 'member') {
      if (!isContainer(value) || Array.isArray(value)) {
        throw leadsNowhere(path, place, `${kindOf(value)} stands there, which has no "${step.name}".`);
      }
      if (!Object.hasOwn(value, step.name)) {
        throw leadsNowhere(path, place, `there is no "${step.name}" there, only ${listKeys(value)}.`);
      }
      selectAt(step.name, value[step.name], depth + 1);
    } else if (Array.isArray(value) && depth + 1 === path.length) {
      for (const record of value) records.push(record);
    } else if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) selectAt(index, value[index], depth + 1);
    } else if (isContainer(value)) {
      for (const key of Object.keys(value)) selectAt(key, value[key], depth + 1);
    } else {
      const empty = value === null ? ' A page without records is expected to have an empty array.' : '';
      throw leadsNowhere(path, place, `${kindOf(value)} stands there, where an array is asked for.${empty}`);
    }
  };
  const selectAt = (key: string | number, value: unknown, depth: number): void => {
    place.push(key);
    select(value, depth);
    place.pop();
  };

  select(document, 0);
  return records;
};

/** Blank space may stand around a segment and within its brackets; quoted names are JSON strings but for the quotes. */
const SEGMENT = new RegExp(
  [
    String.raw`[ \t\n\r]*(?:`,
    String.raw`\.(?<name>[A-Za-z_\u0080-\u{10FFFF}][\w\u0080-\u{10FFFF}]*)`,
    String.raw`|\.\*`,
    String.raw`|\[[ \t\n\r]*(?:\*|(?<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))[ \t\n\r]*\]`,
    String.raw`)`,
  ].join(''),
  'uy',
);

const PLAIN = new RegExp(String.raw`^\$(?:${SEGMENT.source})*$`, 'u');

/** Whether a path is made of names and wildcards only: those `compileRecordsPath` is for. */
export const isPlainPath = (path: string): boolean => PLAIN.test(path);

const unquote = (quoted: string, path: string, at: number): string => {
  const inner = quoted.slice(1, -1);
  const json = quoted.startsWith("'") ? inner.replace(/\\'|\\[^]|"/g, asInDoubleQuotes) : inner;
  try {
    return String(JSON.parse(`"${json}"`));
  } catch {
    throw unsupported(path, at, 'The quoted name has an escape that JSON does not know.');
  }
};

const asInDoubleQuotes = (part: string): string => {
  if (part === "\\'") return "'";
  return part === '"' ? '\\"' : part;
};

const hintAt = (rest: string): string => {
  const [, name] = /^\.?([\w-]+)/.exec(rest) ?? [];
  if (name !== undefined) return `A name with other signs than letters, digits and _ is quoted: ['${name}'].`;
  if (rest.startsWith('..')) return 'A path names every member on its way.';
  if (/^\[\s*-?\d/.test(rest)) return 'A single item cannot be picked: records are all items, [*].';
  return 'For anything else, write parseResponse.';
};

const unsupported = (path: string, at: number, hint: string): ConnectorError =>
  new ConnectorError(
    `recordsPath ${JSON.stringify(path)} cannot be read from column ${at + 1} on: ${JSON.stringify(path.slice(at))}. ` +
      `${hint} Supported: $, .name, ['name'], ["name"], [*] and .*.`,
  );

const leadsNowhere = (path: RecordsPath, place: readonly (string | number)[], reason: string): RecordsPathError =>
  new RecordsPathError(
    `recordsPath ${formatPath(path)} leads nowhere. It was followed to ${formatPlace(place)}: ${reason} ` +
      `Correct recordsPath, or write parseResponse.`,
  );

const formatPath = (path: RecordsPath): string =>
  path.reduce((text, step) => text + (step.kind === 'each' ? '[*]' : formatName(step.name)), '$');

const formatPlace = (place: readonly (string | number)[]): string =>
  place.reduce<string>((text, key) => text + (typeof key === 'number' ? `[${key}]` : formatName(key)), '$');

const formatName = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`);

const KEYS_SHOWN = 20;

const listKeys = (value: object): string => {
  const keys = Object.keys(value);
  if (keys.length === 0) return 'an object without keys';
  const more = keys.length > KEYS_SHOWN ? ` and ${keys.length - KEYS_SHOWN} more` : '';
  const shown = keys.slice(0, KEYS_SHOWN).map((key) => JSON.stringify(excerpt(key, 60)));
  return `${shown.join(', ')}${more}`;
};

const isContainer = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !isLosslessNumber(value);

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (isContainer(value)) return 'an object';
  return typeof value === 'string' || typeof value === 'boolean' ? `a ${typeof value}` : 'a number';
};
