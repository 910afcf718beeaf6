import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { JsonPage } from '../../src/parse/json-page.ts';
import { compileRecordMatcher, type RecordMatcher } from '../../src/parse/record-matcher.ts';
import { compileRecordsPath, selectRecords } from '../../src/parse/records-path.ts';
import type { JsonObject } from '../../src/protocol/json.ts';
import { UnknownFields } from '../../src/schema/unknown-fields.ts';
import { compileRecordCheck } from '../../src/schema/validator.ts';
import { blank, oneOf } from './random-json.ts';

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'integer' },
    ratio: { type: ['integer', 'null', 'number'] },
    name: { type: ['string', 'null'], description: 'anything' },
    state: { type: ['string', 'null'], enum: ['open', 'closed', null] },
    day: { type: 'string', format: 'date' },
    at: { type: ['null', 'string'], format: 'date-time' },
    done: { type: 'boolean' },
    tags: { type: ['null', 'array'], items: { type: 'string' } },
    address: {
      type: ['null', 'object'],
      required: ['zip'],
      properties: { zip: { type: 'string' }, lat: { type: 'number' } },
    },
    lines: {
      type: 'array',
      items: { type: 'object', properties: { sku: { type: 'string' }, n: { type: 'integer' } } },
    },
  },
};

/** A new one has seen no record yet. */
const newMatcher = () => compileRecordMatcher(schema, 'at')!;

const matches = (text: string): boolean => newMatcher().match(Buffer.from(text), 0) === Buffer.byteLength(text);

test.each([
  '{"id":1}',
  '{"id":-0,"ratio":1.5}',
  '{ "name" : null ,\n "id" : 12345678901234567890 }',
  '{"id":1,"name":"a \\"b\\" \\u00e9 \\/ é 馬 🐎"}',
  '{"id":1,"state":"open","day":"2026-01-31","done":true}',
  '{"id":1,"at":"2026-01-31T08:30:00Z"}',
  '{"id":1,"at":"2026-01-31T08:30:00.123456+02:00"}',
  '{"id":1,"tags":["a","b"],"address":{"zip":"1"},"lines":[{"sku":"x","n":2},{}]}',
  '{"id":1,"tags":[],"address":null,"lines":[]}',
])('matches %s', (text) => {
  expect(matches(text)).toBe(true);
});

test.each([
  ['a missing field', '{"name":"x"}'],
  ['an unknown field', '{"id":1,"other":2}'],
  ['a field that comes twice', '{"id":1,"id":2}'],
  ['a wrong type', '{"id":"1"}'],
  ['a fraction for an integer', '{"id":1.0}'],
  ['an exponent', '{"id":1,"ratio":1e400}'],
  ['a number with a leading zero', '{"id":01}'],
  ['a number that is only a sign', '{"id":-}'],
  ['a number that ends in its point', '{"id":1,"ratio":1.}'],
  ['a value not listed', '{"id":1,"state":"ajar"}'],
  ['a thirteenth month written wrongly', '{"id":1,"day":"2026-1-01"}'],
  ['a day of forty', '{"id":1,"day":"2026-01-40"}'],
  ['a time without a zone', '{"id":1,"at":"2026-01-31T08:30:00"}'],
  ['an empty time', '{"id":1,"at":""}'],
  ['a control character', '{"id":1,"name":"a\nb"}'],
  ['a wrong escape', '{"id":1,"name":"\\x"}'],
  ['half an escape', '{"id":1,"name":"\\u12"}'],
  ['an escaped name', '{"\\u0069d":1}'],
  ['a comma at the end', '{"id":1,}'],
  ['a comma too few', '{"id":1 "name":"a"}'],
  ['an unclosed string', '{"id":1,"name":"a'],
  ['a null where none is allowed', '{"id":1,"done":null}'],
  ['a word cut off', '{"id":1,"done":tru}'],
  ['a nested field missing', '{"id":1,"address":{"lat":1}}'],
  ['a wrong item', '{"id":1,"tags":["a",1]}'],
])('does not match %s', (_name, text) => {
  expect(matches(text)).toBe(false);
});

test('learns the order of the fields and the space between them, at any depth', () => {
  const matcher = newMatcher();
  const first = '{"lines":[{"n":1,"sku":"x"}],"at":null,"address":{"lat":1,"zip":"1"},"id":1}';
  const second = '{"lines":[],"tags":["a"],"address":null,"name":"x","id":2}';
  const spaced = '{\n  "lines": [ { "n": 1, "sku": "x" }, {} ],\n  "tags": [ ],\n  "name": "x",\n  "id": 3\n}';
  for (const text of [first, second, spaced]) {
    expect(matcher.match(Buffer.from(text), 0)).toBe(Buffer.byteLength(text));
  }
});

test('leaves a schema of a thousand fields to the validator', () => {
  const properties = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`f${index}`, { type: 'string' }]));
  expect(compileRecordMatcher({ type: 'object', properties })).toBeUndefined();
});

test('gives up records in ever new orders', () => {
  const matcher = newMatcher();
  const [one, other] = ['{"done":true,"id":1}', '{"id":1,"done":true}'];
  const results = Array.from({ length: 40 }, (_, index) => {
    const text = index % 2 ? one : other;
    return matcher.match(Buffer.from(text), 0) === text.length;
  });
  expect(results.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => true));
  // What the last lesson taught stays: it fits every other record.
  expect(results.slice(-10).filter(Boolean)).toHaveLength(5);
});

test('tells a long record that nearly fits from one that fits', () => {
  const lines = (last: string) => `{"id":1,"lines":[${'{"sku":"x","n":2},'.repeat(10_000)}${last}]}`;
  const quoted = `{"id":1,"name":"${'\\"'.repeat(100_000)}`;
  expect([lines('{}'), lines('{"n":"2"}'), lines('{"sku":"x","n":2'), `${quoted}"}`, quoted].map(matches)).toEqual([
    true,
    false,
    false,
    true,
    false,
  ]);
});

test.each([
  ['a pattern', { type: 'object', properties: { a: { type: 'string', pattern: '^a' } } }],
  ['no type', { properties: { a: { type: 'string' } } }],
  ['a choice', { type: 'object', properties: { a: { anyOf: [{ type: 'string' }] } } }],
  ['another format', { type: 'object', properties: { a: { type: 'string', format: 'email' } } }],
  ['a list of numbers', { type: 'object', properties: { a: { type: 'integer', enum: [1, 2] } } }],
  ['described other fields', { type: 'object', properties: {}, additionalProperties: { type: 'string' } }],
])('leaves a schema with %s to the validator', (_name, beyond) => {
  expect(compileRecordMatcher(beyond)).toBeUndefined();
});

/** Values that fit the schema or nearly do, in many spellings. */
const word = fc.oneof(
  fc.array(oneOf('ab\\"{}[]:,é馬'), { maxLength: 6 }).map((all) => JSON.stringify(all.join(''))),
  fc.constantFrom('"open"', '"closed"', '"2026-01-31"', '"2026-01-31T08:30:00Z"', '"2026-99-31T28:30:00.5-07:00"'),
  fc.constantFrom('"\\u00e9"', '"\\ud83d"', '"\\q"', '"a\tb"', '"2026-01-31T08:30:00+0200"', '"23:59:60"'),
);
const numeral = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((double) => JSON.stringify(double)),
  fc.constantFrom('0', '-0', '00', '1.', '.5', '1e3', '12345678901234567890', '0.12345678901234567890', '+1', '1.5'),
);
const list = (item: fc.Arbitrary<string>) =>
  fc.tuple(fc.array(item, { maxLength: 3 }), blank).map(([all, space]) => `[${space}${all.join(`,${space}`)}]`);
const objectOf = (members: fc.Arbitrary<string>) =>
  fc.tuple(fc.array(members, { maxLength: 6 }), blank).map(([all, space]) => `{${space}${all.join(`${space},`)}}`);
const member = (names: readonly string[], value: fc.Arbitrary<string>) =>
  fc.tuple(fc.constantFrom(...names), blank, value).map(([name, space, text]) => `"${name}"${space}:${space}${text}`);
const small = objectOf(member(['zip', 'lat', 'sku', 'n'], fc.oneof(word, numeral)));
const anything = fc.oneof(
  word,
  numeral,
  fc.constantFrom('null', 'true', 'false', 'nul'),
  list(word),
  small,
  list(small),
);
const fitting = fc.oneof(
  member(['id'], fc.integer().map(String)),
  member(['ratio'], numeral),
  member(['name', 'state', 'day', 'at'], word),
  member(['tags'], list(word)),
  member(['address', 'lines'], fc.oneof(small, list(small))),
);
const record = objectOf(
  fc.oneof(
    { weight: 8, arbitrary: fitting },
    { weight: 1, arbitrary: member([...Object.keys(schema.properties), 'new'], anything) },
  ),
);

test('matches nothing that parsing and validating would not pass, whatever it has seen before', async () => {
  const check = await compileRecordCheck('s', schema, 'strict');
  let matched = 0;
  const holds = (matcher: RecordMatcher, text: string): void => {
    const bytes = Buffer.from(`${text} `);
    const end = matcher.match(bytes, 0);
    if (end < 0) return;
    matched++;
    const value = JSON.parse(bytes.subarray(0, end).toString()) as JsonObject;
    const unknown = new UnknownFields(schema);
    unknown.see(value);
    expect(end).toBe(bytes.length - 1);
    expect(check(value)).toEqual({ kind: 'valid' });
    expect(unknown.take()).toEqual([]);
    const { start, end: last } = matcher.place;
    const noted = start < 0 ? undefined : bytes.subarray(start, last);
    expect(noted && JSON.parse(noted.toString())).toEqual(value['at']);
  };
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 40 }), (texts) => {
      const matcher = newMatcher();
      for (const text of texts) holds(matcher, text);
    }),
    { numRuns: 1500 },
  );
  // The generator has to hit the mark often enough for this to mean something.
  expect(matched).toBeGreaterThan(200);
});

test('gives the records of a matched page, and the document around them, as parsing gives them', () => {
  const path = compileRecordsPath('$.data[*]');
  fc.assert(
    fc.property(fc.array(record, { maxLength: 4 }), blank, fc.boolean(), (records, space, broken) => {
      const text = `{"a":[1],${space}"data":${space}[${records.join(`${space},${space}`)}${space}],"next":"x"${broken ? '' : '}'}`;
      const bytes = Buffer.from(text);
      let document: unknown;
      try {
        document = JSON.parse(text);
      } catch {
        expect(() => new JsonPage(bytes).records(path, newMatcher())).toThrow(SyntaxError);
        return;
      }
      const page = new JsonPage(bytes);
      const { values, raw } = page.records(path, newMatcher());
      if (raw?.matched) {
        expect(raw.count).toBe(records.length);
        for (const [index, start] of raw.starts.entries()) {
          expect(bytes.subarray(start, raw.ends[index]).toString()).toBe(records[index]);
        }
      }
      const plain = (value: unknown) =>
        JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? Number(item) : item));
      const exact = /\d{16}/.test(text);
      expect(plain((page.document as JsonObject)['next'])).toBe(plain((document as JsonObject)['next']));
      if (!exact) {
        expect(page.document).toEqual(document);
        expect(values).toEqual(selectRecords(document, path));
      }
    }),
    { numRuns: 3000 },
  );
});
