import { expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { BodyError, ConnectorError } from '../../src/errors.ts';
import { readZip, type ZipOptions } from '../../src/parse/zip.ts';
import { all, bytesOf, everyWay } from './chunks.ts';

const archive = Buffer.from(
  zipSync({
    'orders.csv': bytesOf('id\n1\n'),
    sub: { 'größe.csv': bytesOf('id\n2\n'), empty: new Uint8Array(0) },
    'stored.bin': [bytesOf('as it is'), { level: 0 }],
    'folder/': new Uint8Array(0),
  }),
);

const filesOf = async (body: Parameters<typeof readZip>[0], options?: ZipOptions) =>
  (await all(readZip(body, options))).map(({ name, bytes }) => [name, Buffer.from(bytes).toString()]);

test('unpacks all files however the archive is cut', async () => {
  for (const body of everyWay(archive)) {
    expect(await filesOf(body)).toEqual([
      ['orders.csv', 'id\n1\n'],
      ['sub/größe.csv', 'id\n2\n'],
      ['sub/empty', ''],
      ['stored.bin', 'as it is'],
    ]);
  }
});

test('unpacks the files whose name matches', async () => {
  expect(await filesOf(archive, { match: /\.csv$/g })).toEqual([
    ['orders.csv', 'id\n1\n'],
    ['sub/größe.csv', 'id\n2\n'],
  ]);
  expect(await filesOf(archive, { match: /^none$/ })).toEqual([]);
  expect(await filesOf(Buffer.from(zipSync({})))).toEqual([]);
});

test('unpacks more than fits in one batch, in order', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 7 }, (_, at) => [`f${at}`, new Uint8Array(7_000_000).fill(at)]),
  );
  const read = await all(readZip(zipSync(files, { level: 1 })));

  expect(read.map(({ name, bytes }) => [name, bytes.length, bytes[6_999_999]])).toEqual(
    Array.from({ length: 7 }, (_, at) => [`f${at}`, 7_000_000, at]),
  );
});

test('stops a bomb before it unpacks anything', async () => {
  const bomb = zipSync({ a: new Uint8Array(600_000), b: new Uint8Array(600_000), 'c.csv': bytesOf('x') });
  const reading = all(readZip(bomb, { maxBytes: 1_000_000 }));

  await expect(reading).rejects.toThrow(ConnectorError);
  await expect(reading).rejects.toThrow('more than 1000000 bytes');
  expect(await filesOf(bomb, { maxBytes: 1_000_000, match: /csv/ })).toEqual([['c.csv', 'x']]);
});

const DIRECTORY_ENTRY = Buffer.from([0x50, 0x4b, 1, 2]);

test.each([10, 99_999, 100_001, 4_000_000])('refuses a directory that says %i of 100000 bytes', async (said) => {
  const liar = Buffer.from(zipSync({ a: new Uint8Array(100_000) }));
  liar.writeUInt32LE(said, liar.indexOf(DIRECTORY_ENTRY) + 24);

  await expect(all(readZip(liar))).rejects.toThrow(BodyError);
});

test('refuses a file whose bytes were changed', async () => {
  const changed = Buffer.from(archive);
  changed.write('AS', changed.indexOf('as it is'));

  await expect(all(readZip(changed))).rejects.toThrow('"stored.bin"');
});

test.each([
  ['is cut off', archive.subarray(0, -30)],
  ['is empty', Buffer.alloc(0)],
  ['is something else', bytesOf('<html>not found</html> and some more text')],
])('refuses an archive that %s', async (_name, body) => {
  await expect(all(readZip(body))).rejects.toThrow(BodyError);
});
