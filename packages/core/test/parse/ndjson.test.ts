import { expect, test } from '@jest/globals';
import { BodyError } from '../../src/errors.ts';
import { readNdjson } from '../../src/parse/ndjson.ts';
import { stringifyJson } from '../../src/protocol/lossless-json.ts';
import { all, everyWay, untilError } from './chunks.ts';

test.each([
  ['lines', '{"a":1}\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
  ['a last line without its end', '{"a":1}\n{"a":2}', [{ a: 1 }, { a: 2 }]],
  ['CRLF', '{"a":1}\r\n\r\n{"a":2}\r\n', [{ a: 1 }, { a: 2 }]],
  ['blank lines', '\n \t\n{"a":1}\n\n\n', [{ a: 1 }]],
  ['a byte order mark', '\uFEFF{"a":1}\n', [{ a: 1 }]],
  ['any value', '1\n"x"\nnull\n[true]\n', [1, 'x', null, [true]]],
  ['wide characters', '{"ü":"日本 😀"}\n', [{ ü: '日本 😀' }]],
  ['an escaped line feed', '{"a":"x\\ny"}\n', [{ a: 'x\ny' }]],
  ['nothing', '', []],
  ['a mark alone', '\uFEFF', []],
])('reads %s however they are cut', async (_name, text, values) => {
  for (const body of everyWay(text)) expect(await all(readNdjson(body))).toEqual(values);
});

test('keeps numbers a double would round', async () => {
  const line = '{"id":12345678901234567890,"price":0.12345678901234567890}';
  for (const body of everyWay(`${line}\n`)) expect((await all(readNdjson(body))).map(stringifyJson)).toEqual([line]);
});

test('names the malformed line after the values before it', async () => {
  for (const body of everyWay('{"a":1}\n\n{"a":}\n{"a":3}\n')) {
    const { items, error } = await untilError(readNdjson(body));
    expect(items).toEqual([{ a: 1 }]);
    expect(error).toBeInstanceOf(BodyError);
    expect(String(error)).toMatch(/Line 3 of the NDJSON body.*position 5/);
  }
});

test('refuses a last line that is cut off', async () => {
  for (const body of everyWay('{"a":1}\n{"a":')) {
    const { items, error } = await untilError(readNdjson(body));
    expect(items).toEqual([{ a: 1 }]);
    expect(String(error)).toContain('Line 2');
  }
});

test('refuses a line that is not UTF-8', async () => {
  await expect(all(readNdjson(Buffer.from('"a"\n"\xff"\n', 'latin1')))).rejects.toThrow('Line 2 of the NDJSON body');
});
