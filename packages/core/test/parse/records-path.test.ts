import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ConnectorError, RecordsPathError } from '../../src/errors.ts';
import { compileRecordsPath, selectRecords } from '../../src/parse/records-path.ts';

const each = { kind: 'each' };
const member = (name: string) => ({ kind: 'member', name });

test.each([
  ['$', []],
  ['$[*]', [each]],
  ['$.*', [each]],
  ['$.data[*]', [member('data'), each]],
  ['$.data.*.items[*]', [member('data'), each, member('items'), each]],
  ["$['odd name'].items[*]", [member('odd name'), member('items'), each]],
  ['$["odd name"]', [member('odd name')]],
  [String.raw`$['it\'s']["say \"hi\""]`, [member("it's"), member('say "hi"')]],
  [String.raw`$['"']['\\']['\u00e9\n\/']`, [member('"'), member('\\'), member('é\n/')]],
  ["$['']", [member('')]],
  ['$ .data [ * ]', [member('data'), each]],
  ['$.größe.日本', [member('größe'), member('日本')]],
  ['$._a1.__proto__', [member('_a1'), member('__proto__')]],
])('compiles %s', (path, steps) => {
  expect(compileRecordsPath(path)).toEqual(steps);
});

test.each([
  ['', 1, '"$"'],
  ['data[*]', 1, '"$"'],
  ['$data', 2, "['data']"],
  ['$.', 2, 'Supported: $, .name'],
  ['$..data', 2, 'every member'],
  ['$.data[0]', 7, '[*]'],
  ['$.data[-1:]', 7, '[*]'],
  ['$.data[?@.a]', 7, 'parseResponse'],
  ["$.data['a','b']", 7, 'Supported: $, .name'],
  ['$.data-items[*]', 7, "['-items']"],
  ['$.1a', 2, "['1a']"],
  ["$['a", 2, 'Supported: $, .name'],
  [String.raw`$.data['\x']`, 7, 'escape'],
  ['$.data[*] ', 10, 'Supported: $, .name'],
])('refuses %s at column %i', (path, column, hint) => {
  const compile = () => compileRecordsPath(path);

  expect(compile).toThrow(ConnectorError);
  expect(compile).toThrow(`recordsPath ${JSON.stringify(path)}`);
  expect(compile).toThrow(`column ${column}`);
  expect(compile).toThrow(hint);
});

test('compiles any quoted name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const single = `'${JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
      expect(compileRecordsPath(`$[${JSON.stringify(name)}]`)).toEqual([member(name)]);
      expect(compileRecordsPath(`$[${single}]`)).toEqual([member(name)]);
    }),
  );
});

const select = (document: unknown, path: string) => selectRecords(document, compileRecordsPath(path));

test('selects what the path leads to, in order', () => {
  const document = {
    data: [
      { id: 1, tags: ['a'] },
      { id: 2, tags: [] },
      { id: 3, tags: ['b', 'c'] },
    ],
    one: { id: 4 },
  };

  expect(select(document, '$')).toEqual([document]);
  expect(select(document, '$.data[*]')).toEqual(document.data);
  expect(select(document, '$.data[*].id')).toEqual([1, 2, 3]);
  expect(select(document, '$.data[*].tags[*]')).toEqual(['a', 'b', 'c']);
  expect(select(document, '$.data')).toEqual([document.data]);
  expect(select(document, '$.one.*')).toEqual([4]);
  expect(select([], '$[*]')).toEqual([]);
  expect(select({}, '$[*]')).toEqual([]);
  expect(select([1, null, 'x'], '$[*]')).toEqual([1, null, 'x']);
});

test('takes members an object has itself, never inherited ones', () => {
  expect(select(JSON.parse('{"__proto__": [1]}'), '$.__proto__[*]')).toEqual([1]);
  expect(() => select({}, '$.__proto__')).toThrow(RecordsPathError);
  expect(() => select({}, '$.constructor')).toThrow(RecordsPathError);
});

test.each([
  [{ items: [], next: null }, '$.data[*]', 'was followed to $: there is no "data" there, only "items", "next".'],
  [{}, '$.data[*]', 'there is no "data" there, only an object without keys.'],
  [{ data: null }, '$.data[*]', 'was followed to $.data: null stands there, where an array is asked for.'],
  [{ data: 'x' }, '$.data[*]', 'was followed to $.data: a string stands there, where an array is asked for.'],
  [null, '$[*]', 'was followed to $: null stands there'],
  [[1], '$.data[*]', 'was followed to $: an array stands there, which has no "data".'],
  [{ data: [{ a: 1 }, 7] }, '$.data[*].a', 'was followed to $.data[1]: a number stands there, which has no "a".'],
  [{ data: [{ a: 1 }, {}] }, '$.data[*].a', 'was followed to $.data[1]: there is no "a" there'],
  [{ 'a b': {} }, "$['a b'].c", 'recordsPath $["a b"].c leads nowhere. It was followed to $["a b"]:'],
  [Object.fromEntries('abcdefghijklmnopqrstuvwxyz'.split('').map((key) => [key, 1])), '$.data', '"t" and 6 more.'],
])('says how far it got in %j by %s', (document, path, message) => {
  expect(() => select(document, path)).toThrow(RecordsPathError);
  expect(() => select(document, path)).toThrow(message);
});

test('tells an empty page from one without an array', () => {
  expect(() => select({ data: null }, '$.data[*]')).toThrow(
    'A page without records is expected to have an empty array.',
  );
});
