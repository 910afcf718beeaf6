import { expect, test } from '@jest/globals';
import { BodyError, ConnectorError } from '../../src/errors.ts';
import { readCsv, type CsvOptions } from '../../src/parse/csv.ts';
import { all, bytesOf, everyWay, untilError } from './chunks.ts';

const rows: [string, string, CsvOptions, object[]][] = [
  [
    'a header',
    'id,name\n1,Ann\n2,Bob\n',
    {},
    [
      { id: '1', name: 'Ann' },
      { id: '2', name: 'Bob' },
    ],
  ],
  [
    'CRLF and no last line end',
    'id,name\r\n1,Ann\r\n2,Bob',
    {},
    [
      { id: '1', name: 'Ann' },
      { id: '2', name: 'Bob' },
    ],
  ],
  ['quotes', 'a,b\n"x, ""y""\nz",\n', {}, [{ a: 'x, "y"\nz', b: '' }]],
  ['a byte order mark', '\uFEFFid\n1\n', {}, [{ id: '1' }]],
  ['blank lines', '\nid\n\n1\n\n', {}, [{ id: '1' }]],
  ['wide characters', 'größe\n日本 😀\n', {}, [{ größe: '日本 😀' }]],
  ['own delimiter', 'a;b\n1;2\n', { delimiter: ';' }, [{ a: '1', b: '2' }]],
  ['a long delimiter', 'a||b\n1||2\n', { delimiter: '||' }, [{ a: '1', b: '2' }]],
  ['tabs without quotes', 'a\tb\n"1\t2"\n', { delimiter: '\t', quote: null }, [{ a: '"1', b: '2"' }]],
  ['own quote and escape', "a,b\n'x\\'y',2\n", { quote: "'", escape: '\\' }, [{ a: "x'y", b: '2' }]],
  ['comments', '# made today\na\n#no\n1 # 2\n', { comment: '#' }, [{ a: '1 # 2' }]],
  ['own columns', '1,2\n', { header: false, columns: ['a', 'b'] }, [{ a: '1', b: '2' }]],
  ['own columns over a header', 'x,x\n1,2\n', { columns: ['a', 'b'] }, [{ a: '1', b: '2' }]],
  ['ragged lines', 'a,b\n1\n1,2,3\n', { relaxColumnCount: true }, [{ a: '1' }, { a: '1', b: '2' }]],
  ['a header alone', 'a,b\n', {}, []],
  ['nothing', '', {}, []],
];

test.each(rows)('reads %s however it is cut', async (_name, text, options, records) => {
  for (const body of everyWay(text)) expect(await all(readCsv(body, options))).toEqual(records);
});

test('reads another charset', async () => {
  for (const body of everyWay(Buffer.from('größe\nÄ\n', 'latin1'))) {
    expect(await all(readCsv(body, { charset: 'iso-8859-1' }))).toEqual([{ größe: 'Ä' }]);
  }
  expect(await all(readCsv(Buffer.from('\uFEFFä\nö\n', 'utf16le')))).toEqual([{ ä: 'ö' }]);
});

test('keeps a column of any name', async () => {
  const [record] = await all(readCsv(bytesOf('__proto__,constructor\n1,2\n')));

  expect(Object.entries(record ?? {})).toEqual([
    ['__proto__', '1'],
    ['constructor', '2'],
  ]);
});

test.each([
  ['too few values', 'a,b\n1,2\n3\n4,5\n', 'Line 3 of the CSV body has 1 value for 2 columns'],
  ['too many values', 'a,b\n1,2\n3,4,5\n', 'Line 3 of the CSV body has 3 values for 2 columns'],
  ['a quote within a value', 'a,b\n1,2\n3,x"y\n', 'Line 3 of the CSV body cannot be read'],
  ['a quote that stays open', 'a,b\n1,2\n3,"x\n', 'Line 3 of the CSV body cannot be read'],
])('names the line with %s', async (_name, text, message) => {
  for (const body of everyWay(text)) {
    const { error } = await untilError(readCsv(body));
    expect(error).toBeInstanceOf(BodyError);
    expect(String(error)).toContain(message);
  }
});

test.each([
  ['no names', '1,2\n', { header: false }, 'Give them in columns'],
  ['a name twice', 'a,b,a\n1,2,3\n', {}, 'more than one column "a"'],
  ['an empty name', 'a,\n1,2\n', {}, 'a column without a name'],
])('refuses columns with %s', async (_name, text, options, message) => {
  const reading = all(readCsv(bytesOf(text), options));

  await expect(reading).rejects.toThrow(ConnectorError);
  await expect(reading).rejects.toThrow(message);
});

test('passes on the error of the body itself', async () => {
  const broken = new Error('connection lost');
  async function* body() {
    yield bytesOf('a\n1\n');
    throw broken;
  }
  await expect(all(readCsv(body()))).rejects.toBe(broken);
});

test('stops reading the body when its reader stops', async () => {
  let closed = false;
  async function* body() {
    try {
      for (;;) yield bytesOf('a\n'.repeat(1000));
    } finally {
      closed = true;
    }
  }
  for await (const record of readCsv(body())) {
    expect(record).toEqual({ a: 'a' });
    break;
  }
  await new Promise((resolve) => setImmediate(resolve));
  expect(closed).toBe(true);
});
