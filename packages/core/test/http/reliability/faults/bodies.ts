import { gzipSync } from 'node:zlib';
import { answers, bodyOf, head, writes } from '../servers.ts';
import type { ExpectedError, Row, Section } from '../row.ts';
import type { Reply } from '@headwater/testing';

const JSON_TYPE = { 'content-type': 'application/json' };
const PAGE = JSON.stringify(bodyOf(2));
const MEGABYTE = 1024 * 1024;

const undecodable = (says: string): ExpectedError => ({
  code: 'HEADWATER_BODY',
  failureType: 'transient_error',
  says,
});

const once = (fault: string, reply: Reply): Row => ({
  fault: `${fault}, once`,
  arrange: answers(reply, 1),
  expect: { records: 'all', attempts: 2 },
});

const forEver = (fault: string, reply: Reply, error: ExpectedError): Row => ({
  fault: `${fault}, for ever`,
  arrange: answers(reply),
  expect: { records: 'before', attempts: 5, error },
});

const both = (fault: string, reply: Reply, error: ExpectedError): readonly Row[] => [
  once(fault, reply),
  forEver(fault, reply, error),
];

const tooLarge = (fault: string, reply: Reply): Row => ({
  fault,
  arrange: answers(reply),
  http: { maxBodyBytes: MEGABYTE },
  expect: {
    records: 'before',
    attempts: 1,
    error: {
      code: 'HEADWATER_CONNECTOR',
      failureType: 'system_error',
      says: `the body is larger than ${MEGABYTE} bytes. Ask for smaller pages, or raise http.maxBodyBytes`,
    },
  },
  kit: 'Stops reading at the limit (256 MiB where nothing is said); it would be as large the next time.',
});

const NO_JSON = 'was answered with a body that is not valid JSON';
const LOGIN = '<!doctype html><html><body><h1>Please log in</h1></body></html>';

export const bodies: Section = {
  title: 'Bodies',
  about:
    'All these come with the status 200. No record of a page is passed on before the page has been read to its end.',
  rows: [
    ...both('JSON that is cut off', { headers: JSON_TYPE, body: PAGE.slice(0, -8) }, undecodable(NO_JSON)),
    forEver('A body of no bytes', { headers: JSON_TYPE, body: '' }, undecodable(NO_JSON)),
    ...both('An HTML page', { headers: { 'content-type': 'text/html' }, body: LOGIN }, undecodable(NO_JSON)),
    {
      fault: '`Content-Length` longer than the body, once',
      arrange: writes(({ socket, body }) => socket.end(head({ 'content-length': body.length + 50 }) + body), 1),
      expect: { records: 'all', attempts: 2 },
    },
    {
      fault: '`Content-Length` longer than the body, for ever',
      arrange: writes(({ socket, body }) => socket.end(head({ 'content-length': body.length + 50 }) + body)),
      expect: {
        records: 'before',
        attempts: 5,
        error: {
          code: 'HEADWATER_NETWORK',
          failureType: 'transient_error',
          says: 'the connection was closed before the answer was complete',
        },
      },
      kit: 'Does not take the part for the whole.',
    },
    {
      fault: '`Content-Length` shorter than the body, once',
      arrange: writes(({ socket, body }) => socket.end(head({ 'content-length': 10 }) + body), 1),
      expect: { records: 'all', attempts: 2 },
    },
    {
      fault: 'A body without a length that is cut off, for ever',
      arrange: writes(({ socket, body }) => socket.end(head({ connection: 'close' }) + body.slice(0, 20))),
      expect: { records: 'before', attempts: 5, error: undecodable(NO_JSON) },
      kit: 'Nothing tells that it is not whole, but the JSON.',
    },
    {
      fault: 'A chunked body that ends without its last chunk, once',
      arrange: writes(({ socket, body }) => {
        socket.end(`${head({ 'transfer-encoding': 'chunked' })}${body.length.toString(16)}\r\n${body}\r\n`);
      }, 1),
      expect: { records: 'all', attempts: 2 },
      kit: 'Does not take it for the whole answer, even if the JSON is complete.',
    },
    ...both(
      'Invalid gzip',
      { body: bodyOf(2), fault: { kind: 'malformed-gzip' } },
      undecodable('the gzip body cannot be decompressed'),
    ),
    once('gzip that is cut off', {
      headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
      body: gzipSync(PAGE).subarray(0, -8),
    }),
    forEver(
      'A body that is called gzip and is not',
      { headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body: PAGE },
      undecodable('the gzip body cannot be decompressed'),
    ),
    forEver(
      'An unknown `Content-Encoding`',
      { headers: { ...JSON_TYPE, 'content-encoding': 'lzma' }, body: PAGE },
      undecodable('unknown content-encoding "lzma"'),
    ),
    forEver(
      'An unknown character set',
      { headers: { 'content-type': 'application/json; charset=klingon' }, body: PAGE },
      undecodable('was answered in the unknown charset "klingon"'),
    ),
    tooLarge('A gzip bomb: 20 KB that unpack to 20 MB', {
      headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
      body: gzipSync(Buffer.alloc(20 * MEGABYTE, 'x')),
    }),
    tooLarge('A body that is larger than allowed', { headers: JSON_TYPE, body: Buffer.alloc(2 * MEGABYTE, 'x') }),
    {
      fault: 'Bytes that are not UTF-8 in a text that says it is',
      arrange: answers({
        headers: JSON_TYPE,
        body: Buffer.from('{"items":[{"id":3},{"id":4,"name":"caf\u00e9"}],"next":"3"}', 'latin1'),
      }),
      expect: {
        records: 'all',
        attempts: 1,
        warning: 'was answered with bytes that are not UTF-8; each became U+FFFD',
      },
      kit: 'Puts U+FFFD in the place of each.',
    },
  ],
};
