import { Buffer } from 'node:buffer';
import { skipBlanks } from './json-bytes.ts';
import { matchDate, matchDateTime, matchNumber, matchOneOf, matchString, matchWord } from './match-token.ts';
import type { Field, Shape } from './shape.ts';

/** How the records of a stream are written, as far as code for them has to know. */
export interface Layout {
  /** In the order in which they stand in a record. */
  readonly fields: readonly Field[];
  /** Whether there is blank space between the tokens. */
  readonly isSpaced: boolean;
}

/** Where the value of one field stood in the record matched last; -1 and -1 if it had none. */
export interface Noted {
  start: number;
  end: number;
}

/** The place after the record that starts at `at`, or -1. */
export type MatchRecord = (bytes: Buffer, at: number, noted: Noted) => number;

/**
 * Writes a function that steps over a record which is valid by its schema. A field may be missing unless it is required;
 * none may stand elsewhere, or twice.
 *
 * Nothing of the code comes from a schema but numbers: a name is in it as its bytes.
 *
 * @param noted one of the fields, whose value is noted
 */
export const compileRecordCode = (layout: Layout, noted?: string): MatchRecord => {
  const source = recordSource(layout, noted);
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- as ajv does for a schema; see above
  const make = new Function(...Object.keys(HELPERS), 'literals', source.code) as (...helpers: unknown[]) => MatchRecord;
  return make(...Object.values(HELPERS), source.literals);
};

/** How long the code is, in characters. */
export const recordCodeLength = (layout: Layout, noted?: string): number => recordSource(layout, noted).code.length;

/** What the code may call and name. */
const HELPERS = {
  matchDate,
  matchDateTime,
  matchNumber,
  matchOneOf,
  matchString,
  matchWord,
  skipBlanks,
  NULL: Buffer.from('null'),
  TRUE: Buffer.from('true'),
  FALSE: Buffer.from('false'),
};

const OR_FAIL = 'if (at < 0) return -1;';

const recordSource = ({ fields, isSpaced }: Layout, noted: string | undefined) => {
  const literals: (readonly Buffer[])[] = [];
  const blanks = isSpaced ? 'at = skipBlanks(bytes, at);' : '';

  /** Code that begins at a value and ends after it, or returns -1. */
  const valueOf = (shape: Shape): string => {
    const choices = shape.types.flatMap((type) => choiceOf(type, shape));
    return `byte = bytes[at]; ${choices.map(([test, code]) => `if (${test}) { ${code} } else `).join('')}return -1;`;
  };
  /** The test of a value's first byte, and the code for the rest. */
  const choiceOf = (type: string, shape: Shape): readonly (readonly [test: string, code: string])[] => {
    const { fields: members, items } = shape;
    if (type === 'string') return [[first('"'), stringOf(shape)]];
    if (type === 'object' && members) return [[first('{'), objectOf(members)]];
    if (type === 'array' && items) return [[first('['), arrayOf(items)]];
    if (type === 'integer' || type === 'number') return [[NUMBER, numberOf(shape)]];
    if (type === 'null') return [[first('n'), wordOf('NULL')]];
    if (type !== 'boolean') return [];
    return [
      [first('t'), wordOf('TRUE')],
      [first('f'), wordOf('FALSE')],
    ];
  };
  const numberOf = ({ types }: Shape) => `at = matchNumber(bytes, at, ${types.includes('number')}); ${OR_FAIL}`;
  const wordOf = (word: 'NULL' | 'TRUE' | 'FALSE') => `at = matchWord(bytes, at, ${word}); ${OR_FAIL}`;
  const stringOf = ({ format, literals: allowed }: Shape): string => {
    if (format) return `at = ${format === 'date' ? 'matchDate' : 'matchDateTime'}(bytes, at); ${OR_FAIL}`;
    if (allowed === undefined) return `at = matchString(bytes, at); ${OR_FAIL}`;
    const index = literals.push(allowed.map((text) => Buffer.from(`"${text}"`))) - 1;
    return `at = matchOneOf(bytes, at, literals[${index}]); ${OR_FAIL}`;
  };
  const arrayOf = (items: Shape): string =>
    `at++; ${blanks} if (bytes[at] === 93) at++; else for (;;) { ${valueOf(items)} ${blanks}
     if (bytes[at] === 93) { at++; break; } if (bytes[at] !== 44) return -1; at++; ${blanks} }`;
  const objectOf = (members: readonly Field[], isRoot = false): string =>
    `at++; ${blanks} ${members.map((member) => memberOf(member, isRoot && member.name === noted)).join('\n')}
     if (bytes[at] !== 125) return -1; at++;`;
  const memberOf = ({ name, shape, isRequired }: Field, isNoted: boolean): string => {
    // Where there are no blanks, the colon is as good as a part of the name.
    const key = [...Buffer.from(`"${name}"${isSpaced ? '' : ':'}`)];
    const stands = key.map((byte, index) => `bytes[at + ${index}] === ${byte}`).join(' && ');
    const colon = isSpaced ? `${blanks} if (bytes[at] !== 58) return -1; at++; ${blanks}` : '';
    const value = isNoted ? `noted.start = at; ${valueOf(shape)} noted.end = at;` : valueOf(shape);
    // A comma has another field behind it.
    const comma = `if (bytes[at] === 44) { at++; ${blanks} if (bytes[at] !== 34) return -1; } else if (bytes[at] !== 125) return -1;`;
    return `if (${stands}) { at += ${key.length}; ${colon} ${value} ${blanks} ${comma} }${isRequired ? ' else return -1;' : ''}`;
  };

  const code = `return (bytes, at, noted) => { let byte = 0; noted.start = noted.end = -1;
    if (bytes[at] !== 123) return -1; ${objectOf(fields, true)} return at; };`;
  return { code, literals };
};

const first = (character: string): string => `byte === ${character.charCodeAt(0)}`;

/** A minus or a digit. */
const NUMBER = 'byte === 45 || (byte >= 48 && byte <= 57)';
