import { expect, test } from '@jest/globals';
import { BodyError } from '../../src/errors.ts';
import { readSse } from '../../src/parse/sse.ts';
import { all, bytesOf, bytewise, everyWay } from './chunks.ts';

test.each([
  ['LF', '\n'],
  ['CRLF', '\r\n'],
  ['CR', '\r'],
])('reads events with %s however they are cut', async (_name, end) => {
  const lines = [
    ': hello',
    'data: one',
    '',
    'id: 7',
    'event: issue',
    'retry: 2500',
    'data: {"ü":',
    'data: "😀"}',
    '',
    'data:no space',
    '',
    'unknown: x',
    'data',
    '',
    'data: cut off',
  ];
  for (const body of everyWay(lines.join(end))) {
    expect(await all(readSse(body))).toEqual([
      { event: 'message', data: 'one' },
      { event: 'issue', id: '7', retry: 2500, data: '{"ü":\n"😀"}' },
      { event: 'message', id: '7', retry: 2500, data: 'no space' },
      { event: 'message', id: '7', retry: 2500, data: '' },
    ]);
  }
});

test('reads past a byte order mark and an empty body', async () => {
  for (const body of everyWay('\uFEFFdata: a\n\n'))
    expect(await all(readSse(body))).toEqual([{ event: 'message', data: 'a' }]);
  for (const body of everyWay('')) expect(await all(readSse(body))).toEqual([]);
});

test('gives an event before the next chunk is asked for', async () => {
  const log: string[] = [];
  async function* body() {
    for (const data of ['a', 'b']) {
      log.push(`sent ${data}`);
      yield bytesOf(`data: ${data}\n\n`);
    }
  }
  for await (const { data } of readSse(body())) log.push(`read ${data}`);

  expect(log).toEqual(['sent a', 'read a', 'sent b', 'read b']);
});

test('refuses bytes that are not UTF-8', async () => {
  await expect(all(readSse(bytewise(Buffer.from('data: \xff\n\n', 'latin1'))))).rejects.toThrow(BodyError);
});
