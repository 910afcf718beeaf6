import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isLosslessNumber } from 'lossless-json';
import { RecordsPathError } from '../../src/errors.ts';
import { JsonPage, type RawRecords } from '../../src/parse/json-page.ts';
import { compileRecordsPath, selectRecords, type RecordsPath } from '../../src/parse/records-path.ts';
import { bytesOf, decimal, oneOf, pageAndPath, readPlainly, value } from './random-json.ts';

const recordsOf = (page: string, path: string) => new JsonPage(Buffer.from(page)).records(compileRecordsPath(path));

const slices = ({ bytes, starts, ends }: RawRecords): string[] =>
  starts.map((start, record) => Buffer.from(bytes.subarray(start, ends[record])).toString());

/** Numbers kept by their digits are equal when they are the same number, however written. */
const plain = (read: unknown): unknown => {
  if (isLosslessNumber(read)) return { digits: decimal(read.value) };
  if (Array.isArray(read)) return read.map(plain);
  if (typeof read !== 'object' || read === null) return read;
  return Object.fromEntries(Object.entries(read).map(([key, member]) => [key, plain(member)]));
};

const outcome = (read: () => unknown): unknown => {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? error.name : error;
  }
};

const thrownBy = (act: () => unknown): Error | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    return error as Error;
  }
};

/** Whether a number is out of the range of a double, too large or too small; decision 4 says why such a one is not kept. */
const leavesDoubles = (read: unknown): boolean => {
  if (isLosslessNumber(read)) return !/\d{16}/.test(read.value.replace('.', ''));
  return typeof read === 'object' && read !== null && Object.values(read).some(leavesDoubles);
};

const expectPlainly = (page: string, path: RecordsPath, offset: number): void => {
  const read = (): unknown[] => selectRecords(readPlainly(page), path);
  const records = outcome(() => new JsonPage(bytesOf(page, offset)).records(path));
  if (typeof records === 'string') {
    expect(records).toBe(outcome(read));
    return;
  }
  const { values, raw } = records as ReturnType<JsonPage['records']>;
  expect(plain(values)).toEqual(plain(read()));
  if (raw === undefined) return;
  const texts = slices(raw);
  expect(raw.count).toBe(values.length);
  expect(texts.map((text) => plain(readPlainly(text)))).toEqual(plain(values));
  expect(texts.map((text) => text.trim())).toEqual(texts);
  expect(raw.hasLineBreaks).toBe(texts.some((text) => /[\n\r]/.test(text)));
};

test('reads any page as the plain way does, with the bytes of each record', () => {
  fc.assert(
    fc.property(pageAndPath, fc.nat(3), ({ text, path }, offset) => expectPlainly(text, path, offset)),
    { numRuns: 1000 },
  );
});

test('reads pages much longer than one window', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), fc.nat(3), fc.boolean(), (some, offset, pretty) => {
      const items = Array.from({ length: 900 }, (_, id) => `{"id":${id},"more":${some[id % some.length]}}`);
      const page = `{"data":[${items.join(pretty ? ',\n ' : ',')}],"next":"é"}`;
      const path = compileRecordsPath('$.data[*]');
      expectPlainly(page, path, offset);
      expect(slices(new JsonPage(bytesOf(page, offset)).records(path).raw!)).toEqual(items);
    }),
    { numRuns: 10 },
  );
});

test('gives the document as it stands in the page, whatever was asked for before', () => {
  fc.assert(
    fc.property(pageAndPath, fc.boolean(), ({ text, path }, recordsFirst) => {
      const page = new JsonPage(Buffer.from(text));
      if (recordsFirst) outcome(() => page.records(path));
      expect(plain(page.document)).toEqual(plain(readPlainly(text)));
      expect(page.document).toBe(page.document);
      const records = outcome(() => page.records(path));
      if (typeof records === 'object') expectPlainly(text, path, 0);
    }),
    { numRuns: 300 },
  );
});

test('throws for every page that is cut off or has one character wrong', () => {
  const position = fc.nat(10_000);
  fc.assert(
    fc.property(pageAndPath, position, oneOf('x{}[]",:\\\n0'), ({ text, path }, at, wrong) => {
      const place = at % (text.length + 1);
      for (const page of [text.slice(0, place), text.slice(0, place) + wrong + text.slice(place + (at % 2))]) {
        // Half a character is replaced on the way to bytes.
        const sent = Buffer.from(page).toString();
        if (thrownBy(() => void JSON.parse(sent)) === undefined) {
          if (!leavesDoubles(readPlainly(sent))) expectPlainly(sent, path, 0);
          continue;
        }
        // Caught here and once: `toThrow` has the stack of each error written out, which takes longer than all the rest.
        const error = thrownBy(() => new JsonPage(Buffer.from(sent)).records(path));
        expect(error).toBeInstanceOf(SyntaxError);
        expect(error?.message).toMatch(/ at position \d+/);
      }
    }),
    { numRuns: 700 },
  );
});

test('hands out the bytes of records with brackets and separators in their strings', () => {
  const items = [`{"id":1,"s":"},{\\"id\\":2 ]}"}`, `{"id":2,"s":",{"}`, `{"id":3}`];

  const { values, raw } = recordsOf(`{"data":[${items.join(',')}],"s":"]"}`, '$.data[*]');

  expect(slices(raw!)).toEqual(items);
  expect(values).toEqual(items.map((item) => JSON.parse(item)));
});

test.each([
  ['records with lists of objects', '{"data":[{"id":1,"tags":[{"id":7},{"id":8}]},{"id":2}]}', '$.data[*]'],
  ['other objects after the records', '{"data":[{"id":1},{"id":2}],"included":[{"id":1},{"id":2}]}', '$.data[*]'],
  ['other objects before the records', '{"included":[{"id":1},{"id":2}],"data":[{"id":1},{"id":2}]}', '$.data[*]'],
  ['records within items', '{"edges":[{"node":{"id":1}},{"cursor":"x","node":{"id":2}}]}', '$.edges[*].node'],
  ['records within records', '[[{"id":1}],[],[{"id":2},{"id":3}]]', '$[*][*]'],
  ['one record', '{"data":{"id":1}}', '$.data'],
  ['the page', ' {"id":1} ', '$'],
  ['an array as a record', '{"data":[1,{}]}', '$.data'],
  ['values that are no objects', '[1, "a", null, [ {} , {} ] , true,{}]', '$[*]'],
  ['an empty array', '{"data": [ ]}', '$.data[*]'],
  ['a single record', '{"data":[{"id":1}]}', '$.data[*]'],
])('knows the bytes of %s', (_name, page, path) => {
  const { values, raw } = recordsOf(page, path);

  expect(slices(raw!).map((text) => JSON.parse(text))).toEqual(values);
  expect(values).toEqual(selectRecords(JSON.parse(page), compileRecordsPath(path)));
});

test.each([
  ['a name that occurs twice', '{"data":[{"id":1},{"id":2}],"data":[{"id":3}]}', '$.data[*]'],
  ['a name that occurs twice, first with one item', '{"data":[{"id":1}],"data":[{"id":2},{"id":3}]}', '$.data[*]'],
  ['a name that occurs twice, first with no object', '{"a":{"b":[0]},"a":{"b":[{},{}]}}', '$.a.b[*]'],
  ['a name with escapes', '{"d\\u0061ta":[{"id":1}]}', '$.data[*]'],
  ['another name that may be the same', '{"data":[{"id":1}],"d\\u0061ta":[{"id":2}]}', '$.data[*]'],
  ['members taken by a wildcard', '{"b":{"id":1},"1":{"id":2}}', '$.*'],
])('does not vouch for bytes at %s', (_name, page, path) => {
  const { values, raw } = recordsOf(page, path);

  expect(raw).toBeUndefined();
  expect(values).toEqual(selectRecords(JSON.parse(page), compileRecordsPath(path)));
});

test('says whether a record has line breaks, not whether the page has', () => {
  expect(recordsOf('[\n{"a":1},\r\n{"a":"\\n"}\n]', '$[*]').raw?.hasLineBreaks).toBe(false);
  expect(recordsOf('[{"a":1},{"a":\n1}]', '$[*]').raw?.hasLineBreaks).toBe(true);
  expect(recordsOf('[{"a":1},{"a":\r1}]', '$[*]').raw?.hasLineBreaks).toBe(true);
});

test('keeps numbers a double would round', () => {
  const { values } = recordsOf('[{"id":9007199254740993},{"id":1e400},{"id":0.5}]', '$[*]');

  expect(values).toEqual([{ id: 9007199254740993n }, { id: expect.objectContaining({ value: '1e400' }) }, { id: 0.5 }]);
});

test('reads a page of fifty megabytes', () => {
  const item = `{"id":1,"text":"${'ü'.repeat(20)}${'lorem ipsum '.repeat(400)}"}`;
  const count = Math.ceil((50 * 2 ** 20) / item.length);

  const { values, raw } = recordsOf(`[${Array.from({ length: count }, () => item).join(',')}]`, '$[*]');

  expect(values).toHaveLength(count);
  expect(slices(raw!).every((text) => text === item)).toBe(true);
});

test('reads values nested deeper than calls may be', () => {
  const deep = `${'['.repeat(200_000)}12345678901234567890${']'.repeat(200_000)}`;

  expect(recordsOf(`{"data":[{"id":1,"deep":${deep}},{"id":2}]}`, '$.data[*]').raw?.count).toBe(2);
});

test('names the position of malformed JSON', () => {
  expect(() => recordsOf('{"data":[{"id":x}]}', '$.data[*]')).toThrow('at position 15');
  expect(() => recordsOf('', '$.data[*]')).toThrow('at position 0');
  expect(() => new JsonPage(Buffer.from('[1,]')).document).toThrow('at position 3');
});

test('says which keys there are when the path leads nowhere', () => {
  expect(() => recordsOf('{"items":[]}', '$.data[*]')).toThrow(RecordsPathError);
  expect(() => recordsOf('{"items":[]}', '$.data[*]')).toThrow('"items"');
});
