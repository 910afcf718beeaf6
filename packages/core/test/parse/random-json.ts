import fc from 'fast-check';
import { LosslessNumber, parse } from 'lossless-json';
import type { PathStep, RecordsPath } from '../../src/parse/records-path.ts';

/** Documents as text, so that every way to write the same value occurs, and the plain way to read them. */

const text = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((all) => all.join(''));

const repeat = (part: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> =>
  fc.array(part, { maxLength }).map((all) => all.join(''));

export const oneOf = (characters: string): fc.Arbitrary<string> => fc.constantFrom(...characters.split(''));

export const blank = repeat(fc.constantFrom(' ', '\n', '\t', '\r', '\r\n'), 2);

const hex = oneOf('0123456789abcdefABCDEF');

const character = fc.oneof(
  { weight: 6, arbitrary: oneOf('ab1 {}[],:.-eE') },
  { weight: 2, arbitrary: fc.constantFrom('é', 'ж', '日', '😀', '\u2028', '\u007f', '\ufeff') },
  { weight: 2, arbitrary: fc.constantFrom('\\"', '\\\\', '\\/', '\\n', '\\r', '\\t', '\\b', '\\f') },
  { weight: 2, arbitrary: text(fc.constant('\\u'), hex, hex, hex, hex) },
  { weight: 1, arbitrary: fc.constantFrom('\\ud83d\\ude00', '\\ud83d', '\\uDE00', '},{', '12345678901234567890') },
);

const string = text(fc.constant('"'), repeat(character, 8), fc.constant('"'));

const digits = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(oneOf('0123456789'), { minLength: 1, maxLength }).map((all) => all.join(''));

export const number: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('0', '-0', '0.0', '-0.0', '1e5', '1E+2', '9007199254740991', '9007199254740993'),
  fc.constantFrom('0.1234567890123456789', '0.30000000000000004', '5e-324', '-5e-324', '1e-310', '1700000000000000'),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((double) => JSON.stringify(double)),
  text(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constant('0'), text(oneOf('123456789'), digits(24))),
    fc.oneof(fc.constant(''), text(fc.constant('.'), digits(24))),
    fc.oneof(fc.constant(''), text(fc.constantFrom('e', 'E', 'e-', 'E+'), digits(2))),
  ),
);

const names = ['data', 'id', 'a b', 'é', '', '1', '__proto__', "it's", 'say "hi"'] as const;

/** A name as it may be written; now and then with escapes, so that it is not known by its bytes. */
const key = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...names).map((name) => JSON.stringify(name)) },
  { weight: 1, arbitrary: fc.constantFrom('"\\u0064ata"', '"i\\u0064"') },
  // After an object with the name "\\", the JSON.parse of Node 26 takes "\\n" for that name too.
  { weight: 1, arbitrary: string.filter((name) => JSON.parse(name) !== '\\') },
);

const list = (open: string, items: fc.Arbitrary<readonly string[]>, close: string): fc.Arbitrary<string> =>
  fc
    .tuple(blank, items, blank, blank)
    .map(([first, all, before, after]) => `${open}${first}${all.join(`${before},${after}`)}${before}${close}`);

const member = (value: fc.Arbitrary<string>, name: fc.Arbitrary<string> = key): fc.Arbitrary<string> =>
  text(name, blank, fc.constant(':'), blank, value);

export const value: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('null', 'true', 'false'),
    string,
    number,
    list('[', fc.array(tie('value'), { maxLength: 4 }), ']'),
    list('{', fc.array(member(tie('value')), { maxLength: 4 }), '}'),
  ),
})).value;

const object = list('{', fc.array(member(value), { maxLength: 5 }), '}');

const step: fc.Arbitrary<PathStep> = fc.oneof(
  fc.constantFrom(...names).map((name) => ({ kind: 'member' as const, name })),
  fc.constant({ kind: 'each' as const }),
);

export const path: fc.Arbitrary<RecordsPath> = fc.oneof(
  fc.constant([{ kind: 'member' as const, name: 'data' }, { kind: 'each' as const }]),
  fc.array(step, { maxLength: 4 }),
);

/** A document the path leads through, mostly; around its records may stand anything. */
const along = (steps: RecordsPath): fc.Arbitrary<string> => {
  const [first, ...rest] = steps;
  if (first === undefined) return fc.oneof({ weight: 4, arbitrary: object }, { weight: 1, arbitrary: value });
  const next = along(rest);
  if (first.kind === 'each') {
    return fc.oneof(
      { weight: 8, arbitrary: list('[', fc.array(next, { maxLength: 5 }), ']') },
      { weight: 1, arbitrary: list('{', fc.array(member(next), { maxLength: 3 }), '}') },
    );
  }
  const others = fc.array(member(value), { maxLength: 2 });
  return list(
    '{',
    fc
      .tuple(others, member(next, fc.constant(JSON.stringify(first.name))), others)
      .map(([before, wanted, after]) => [...before, wanted, ...after]),
    '}',
  );
};

export const pageAndPath: fc.Arbitrary<{ readonly text: string; readonly path: RecordsPath }> = path.chain((steps) =>
  fc
    .oneof({ weight: 5, arbitrary: along(steps) }, { weight: 1, arbitrary: value })
    .chain((page) => fc.tuple(blank, blank).map(([before, after]) => ({ text: before + page + after, path: steps }))),
);

/** The bytes of a text, at any alignment in memory. */
export const bytesOf = (page: string, offset = 0): Uint8Array => {
  const memory = Buffer.concat([Buffer.alloc(offset, '"'), Buffer.from(page), Buffer.from('"}')]);
  return new Uint8Array(memory).subarray(offset, memory.length - 2);
};

/** Reads JSON the plain way, number by number. */
export const readPlainly = (page: string): unknown =>
  parse(page, undefined, { parseNumber: plainNumber, onDuplicateKey: ({ newValue }) => newValue });

/** A number that a double holds, or what keeps its digits. */
export const plainNumber = (token: string): unknown => {
  const double = Number(token);
  if (/^-?\d+$/.test(token)) return Number.isSafeInteger(double) ? double : BigInt(token);
  return Number.isFinite(double) && decimal(token) === decimal(String(double)) ? double : new LosslessNumber(token);
};

/** One form for all texts of the same number. */
export const decimal = (token: string): string => {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? [];
  const significant = (whole + fraction).replace(/^0+/, '');
  const trimmed = significant.replace(/0+$/, '');
  if (trimmed === '') return '0';
  return `${sign}${trimmed}e${Number(exponent) - fraction.length + significant.length - trimmed.length}`;
};
