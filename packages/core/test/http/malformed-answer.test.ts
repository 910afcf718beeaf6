import { expect, test } from '@jest/globals';
import { maxHeaderSize } from 'node:http';
import { createServer } from 'node:net';
import { createClient } from '@headwater/core';
import { listen } from './reliability/servers.ts';
import { thrownBy } from './thrown-by.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const TLS_ALERT = Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46]);
const HTTP2_SETTINGS = Buffer.from([0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00]);

test.each<[string, string | Buffer, string, string]>([
  ['a mail server', '220 mail ready\r\n', 'transient_error', 'its answer begins with "220 mail ready". Check the port'],
  ['bytes that are no text', HTTP2_SETTINGS, 'transient_error', 'begins with the bytes 00 00 00 04 00 00 00 00.'],
  ['TLS', TLS_ALERT, 'config_error', 'speaks TLS at this address, and the URL says http. Check the scheme'],
  ['more than the body', `${OK}content-length: 2\r\n\r\n{}more`, 'transient_error', 'more came than the whole answer'],
  ['more at the end', `${OK}connection: close\r\ncontent-length: 2\r\n\r\n{}more`, 'transient_error', 'more came than'],
  ['two lengths', `${OK}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`, 'transient_error', 'is malformed HTTP ('],
  [
    'a length and chunks',
    `${OK}transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n`,
    'transient_error',
    'malformed',
  ],
  ['a header without a name', `${OK}a header\r\n\r\n`, 'transient_error', 'is malformed HTTP ('],
  [
    'too many headers',
    `${OK}x: ${'x'.repeat(2 * maxHeaderSize)}\r\n`,
    'system_error',
    `larger than ${maxHeaderSize} bytes. If the API needs so many, allow them with NODE_OPTIONS=--max-http-header-size`,
  ],
])('says what came in place of an answer: %s', async (_name, came, failureType, says) => {
  const server = createServer((socket) => socket.once('data', () => socket.end(came)));
  await using listening = await listen(server);
  const url = `http://127.0.0.1:${listening.port}/list`;

  const error = await thrownBy(createClient({ retry: { attempts: 1 } })({ method: 'GET', url, headers: {} }));

  expect(error).toMatchObject({ code: 'HEADWATER_NETWORK', failureType });
  expect(String(error)).toContain(`GET ${url}: `);
  expect(String(error)).toContain(says);
  expect(String(error)).not.toContain('Parse Error');
  expect(String(error)).toMatch(/\.$/);
});
