import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { BodyError, ConnectorError } from '../../src/errors.ts';
import { gunzip } from '../../src/parse/gunzip.ts';
import { readNdjson } from '../../src/parse/ndjson.ts';
import { all, bytesOf, everyWay, untilError } from './chunks.ts';

const unzipped = async (body: Parameters<typeof gunzip>[0]): Promise<string> =>
  Buffer.concat(await all(gunzip(body))).toString();

test.each([
  ['one member', gzipSync('hello'), 'hello'],
  ['several members', Buffer.concat([gzipSync('hello '), gzipSync(''), gzipSync('wörld')]), 'hello wörld'],
  ['an empty member', gzipSync(''), ''],
])('unpacks %s however it is cut', async (_name, file, text) => {
  for (const body of everyWay(file)) expect(await unzipped(body)).toBe(text);
});

test('feeds another reader', async () => {
  expect(await all(readNdjson(gunzip(gzipSync('{"a":1}\n{"a":2}\n'))))).toEqual([{ a: 1 }, { a: 2 }]);
});

test.each([
  ['is cut off', gzipSync('hello'.repeat(100)).subarray(0, -4)],
  ['is cut off in its second member', Buffer.concat([gzipSync('hello'), gzipSync('x'.repeat(99)).subarray(0, 15)])],
  ['has a wrong checksum', Buffer.concat([gzipSync('hello').subarray(0, -8), Buffer.alloc(8)])],
  ['is no gzip', bytesOf('plain text')],
  ['is empty', Buffer.alloc(0)],
])('refuses a file that %s', async (_name, file) => {
  for (const body of everyWay(file)) {
    const { error } = await untilError(gunzip(body));
    expect(error).toBeInstanceOf(BodyError);
    expect(String(error)).toContain('cannot be unpacked');
  }
});

test('stops a bomb at its limit', async () => {
  const bomb = gzipSync(Buffer.alloc(20_000_000));
  const { items, error } = await untilError(gunzip(bomb, { maxBytes: 1_000_000 }));

  expect(error).toBeInstanceOf(ConnectorError);
  expect(String(error)).toContain('more than 1000000 bytes');
  expect(Buffer.concat(items).length).toBeLessThanOrEqual(1_000_000);
});

test('passes on the error of the body itself', async () => {
  const broken = new Error('connection lost');
  async function* body() {
    yield gzipSync('hello').subarray(0, 12);
    throw broken;
  }
  await expect(all(gunzip(body()))).rejects.toBe(broken);
});
