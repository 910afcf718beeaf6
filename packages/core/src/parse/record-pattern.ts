import { Buffer } from 'node:buffer';
import type { Field, Shape } from './shape.ts';

/** How the records of a stream are written, as far as a pattern has to know. */
export interface Layout {
  /** In the order in which they stand in a record. */
  readonly fields: readonly Field[];
  /** Whether there is blank space between the tokens. */
  readonly isSpaced: boolean;
}

/**
 * The source of a pattern for the records that are valid by their schema, in text with one character a byte. A field may
 * be missing unless it is required; none may stand elsewhere, or twice.
 *
 * At every place the first character of what comes next decides. So a text that does not fit is found out without many
 * attempts, however long it is.
 *
 * @param noted one of the fields: the groups are what stands before it, its name with the colon, and its value; the
 *   latter two are undefined in a record without it
 */
export const recordPattern = ({ fields, isSpaced }: Layout, noted?: string): string => {
  const blank = isSpaced ? '[ \\t\\n\\r]*' : '';
  /** A comma with more behind it, or none where the end is next. */
  const commaOr = (end: string, more: string) => `${blank}(?:,${blank}${more}|(?=${end}))`;

  const valueOf = (shape: Shape): string => `(?:${shape.types.map((type) => textOf(type, shape)).join('|')})`;
  const textOf = (type: string, { fields: members, items, ...shape }: Shape): string => {
    if (type === 'string') return stringOf(shape);
    if (type === 'object' && members) return `\\{${blank}${members.map((field) => memberOf(field)).join('')}\\}`;
    if (type === 'array' && items) return `\\[${blank}(?:${valueOf(items)}${commaOr('\\]', '(?!\\])')})*\\]`;
    return SCALARS[type] ?? NOTHING;
  };
  const memberOf = ({ name, shape, isRequired }: Field, isNoted = false): string => {
    const key = `"${literally(name)}"${blank}:${blank}`;
    const member = isNoted ? `(${key})(${valueOf(shape)})` : key + valueOf(shape);
    return `(?:${member}${commaOr('\\}', '(?=")')})${isRequired ? '' : '?'}`;
  };

  const members = fields.map((field) => memberOf(field, field.name === noted));
  const index = fields.findIndex(({ name }) => name === noted);
  const before = `\\{${blank}${members.slice(0, Math.max(0, index)).join('')}`;
  return `${index < 0 ? before : `(${before})`}${members.slice(Math.max(0, index)).join('')}\\}`;
};

const NOTHING = '(?!)';

/** A number with an exponent or very many digits is left to the parser: it may be out of range, or whole. */
const INTEGER = '-?(?:0|[1-9]\\d{0,24})(?![\\d.eE])';
const NUMBER = '-?(?:0|[1-9]\\d{0,24})(?:\\.\\d+)?(?![\\d.eE])';
const SCALARS: Readonly<Record<string, string>> = {
  integer: INTEGER,
  number: NUMBER,
  boolean: 'true|false',
  null: 'null',
};

const PLAIN = '[^"\\\\\\x00-\\x1f]*';
const STRING = `"${PLAIN}(?:\\\\(?:["\\\\/bfnrt]|u[\\da-fA-F]{4})${PLAIN})*"`;

/** `2026-01-31`, and `2026-01-31T08:30:00Z` with a fraction or an offset; no other spelling. */
const DATE = '\\d{4}-[01]\\d-[0-3]\\d';
const TIME = '[0-2]\\d:[0-5]\\d:[0-5]\\d';
const FORMATS = { date: `"${DATE}"`, 'date-time': `"${DATE}T${TIME}(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)"` };

const stringOf = ({ format, literals }: Pick<Shape, 'format' | 'literals'>): string => {
  if (literals) return `"(?:${literals.map(literally).join('|') || NOTHING})"`;
  return format ? FORMATS[format] : STRING;
};

/** The characters of a pattern for the bytes of a text. */
const literally = (text: string): string =>
  Buffer.from(text)
    .toString('latin1')
    .replaceAll(/[$()*+./?[\\\]^{|}-]/g, '\\$&');
