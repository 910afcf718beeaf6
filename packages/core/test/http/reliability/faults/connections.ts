import { createServer } from 'node:net';
import type { TimeLimits } from '@headwater/core';
import { answers, head, listen, nobody, writes } from '../servers.ts';
import type { ExpectedError, Hostile, Row, Section } from '../row.ts';

const broken = (says: string): ExpectedError => ({
  code: 'HEADWATER_NETWORK',
  failureType: 'transient_error',
  says,
});

const late = (says: string): ExpectedError => ({ code: 'HEADWATER_TIMEOUT', failureType: 'transient_error', says });

const wrongUrl = (says: string): ExpectedError => ({ ...broken(says), failureType: 'config_error' });

const CUT = 'the connection was closed before the answer was complete';

/** The fault at one attempt, and at every attempt. */
const both = (fault: string, arrangeFor: (times?: number) => Row['arrange'], error: ExpectedError): readonly Row[] => [
  { fault: `${fault}, once`, arrange: arrangeFor(1), expect: { records: 'all', attempts: 2 } },
  { fault: `${fault}, for ever`, arrange: arrangeFor(), expect: { records: 'before', attempts: 5, error } },
];

const slow = (fault: string, timeouts: TimeLimits, arrange: Row['arrange'], says: string, kit: string): Row => ({
  fault,
  arrange,
  http: { timeouts },
  expect: { records: 'before', attempts: 5, error: late(says) },
  kit,
});

/** What a TLS server says to a client that does not speak TLS: a fatal alert, `protocol_version`. */
const TLS_ALERT = Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46]);

/** An HTTP server where the URL says https: it does not understand the handshake. */
const plain = async (): Promise<Hostile> => {
  let attempts = 0;
  const server = createServer((socket) => {
    attempts++;
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n'));
  });
  const { port, ...disposal } = await listen(server);
  return { ...disposal, url: `https://127.0.0.1:${port}`, attempts: () => attempts };
};

/** A server that takes connections and never says a word, not even of TLS. */
const mute = async (): Promise<Hostile> => {
  let attempts = 0;
  const server = createServer(() => void attempts++);
  const { port, ...disposal } = await listen(server);
  return { ...disposal, url: `https://127.0.0.1:${port}`, attempts: () => attempts };
};

const LONG_BODY = { items: [{ id: 1, filler: 'x'.repeat(5000) }] };

const drippingHeaders = writes(({ socket }) => {
  socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
  const timer = setInterval(() => socket.write('x'), 20);
  socket.once('close', () => clearInterval(timer));
});

export const connections: Section = {
  title: 'Connections and time',
  about:
    'The limits here are made short for the test. The real ones are 30 s to connect, 120 s to the headers, 60 s between two pieces of the body and 600 s in all, for each attempt: a server that never answers ends a slice in bounded time, whatever it does.',
  rows: [
    {
      fault: 'The host name cannot be resolved',
      arrange: async () => ({ url: 'http://no-such-host.invalid', async [Symbol.asyncDispose]() {} }),
      pages: [1],
      expect: { records: 'before', attempts: 5, error: broken('the host name cannot be resolved') },
    },
    {
      fault: 'The connection is refused',
      arrange: nobody,
      pages: [1],
      expect: { records: 'before', attempts: 5, error: broken('the server refuses the connection') },
    },
    ...both('Reset before the headers', (times) => answers({ fault: { kind: 'reset' } }, times), broken(CUT)),
    ...both(
      'Reset after 5 bytes of the body',
      (times) => answers({ body: LONG_BODY, fault: { kind: 'reset', afterBytes: 5 } }, times),
      broken(CUT),
    ),
    ...both('Closed after 0 bytes of an answer', (times) => writes(({ socket }) => socket.end(), times), broken(CUT)),
    {
      fault: 'A connection kept alive is closed when the next request comes on it',
      arrange: writes(({ socket, body, earlier }) => {
        if (earlier > 0) socket.destroy();
        else socket.write(head({ 'content-length': body.length }) + body);
      }),
      expect: { records: 'all', attempts: 2 },
      kit: 'Takes a new connection.',
    },
    {
      fault: 'An answer that is not HTTP, for ever',
      arrange: writes(({ socket }) => socket.end('220 mail.example.com ESMTP ready\r\n')),
      expect: {
        records: 'before',
        attempts: 5,
        error: broken(
          'the server does not speak HTTP at this address: its answer begins with "220 mail.example.com ESMTP ready"',
        ),
      },
    },
    ...both(
      'A chunk whose length is no number',
      (times) => writes(({ socket }) => socket.end(`${head({ 'transfer-encoding': 'chunked' })}zz\r\n`), times),
      broken('the answer is malformed HTTP'),
    ),
    {
      fault: 'Headers of 100 KB',
      arrange: writes(({ socket }) => socket.write(`HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(100_000)}\r\n`)),
      expect: {
        records: 'before',
        attempts: 1,
        error: {
          ...broken('the headers of the answer are larger than 16384 bytes'),
          failureType: 'system_error',
        },
      },
      kit: 'They would be as large the next time.',
    },
    {
      fault: 'The server speaks TLS, the URL says http',
      arrange: writes(({ socket }) => socket.end(TLS_ALERT)),
      expect: {
        records: 'before',
        attempts: 1,
        error: wrongUrl('the server speaks TLS at this address, and the URL says http'),
      },
    },
    {
      fault: 'The URL says https, the server does not speak TLS',
      arrange: plain,
      pages: [1],
      expect: {
        records: 'before',
        attempts: 1,
        error: wrongUrl('the server does not speak TLS at this address. Check the scheme and the port of the URL'),
      },
      kit: 'Sends nothing.',
    },
    {
      fault: 'The server takes the connection and never speaks TLS, for ever',
      arrange: mute,
      pages: [1],
      http: { timeouts: { connect: 150 } },
      expect: { records: 'before', attempts: 5, error: late('no connection after 0.15 s') },
      kit: 'Ends each attempt at the limit for connecting.',
    },
    {
      fault: 'The headers never come, once',
      arrange: answers({ fault: { kind: 'stall' } }, 1),
      http: { timeouts: { headers: 400 } },
      expect: { records: 'all', attempts: 2 },
      kit: 'Ends the attempt at the limit for the headers.',
    },
    slow(
      'The headers never come, for ever',
      { headers: 150 },
      answers({ fault: { kind: 'stall' } }),
      'connected, but no answer after 0.15 s',
      'Ends each attempt at the limit for the headers.',
    ),
    slow(
      'The headers come byte by byte, for ever',
      { headers: 150 },
      drippingHeaders,
      'connected, but no answer after 0.15 s',
      'A byte now and then does not extend the limit for the headers.',
    ),
    {
      fault: 'The body stops half-way, once',
      arrange: answers({ body: LONG_BODY, fault: { kind: 'stall', afterBytes: 30 } }, 1),
      http: { timeouts: { idle: 400 } },
      expect: { records: 'all', attempts: 2 },
      kit: 'Ends the attempt at the limit between two pieces of the body.',
    },
    slow(
      'The body stops half-way, for ever',
      { idle: 150 },
      answers({ body: LONG_BODY, fault: { kind: 'stall', afterBytes: 30 } }),
      'the body stopped coming for 0.15 s',
      'Ends each attempt at the limit between two pieces of the body.',
    ),
    {
      fault: 'The body comes in small pieces, but it comes',
      arrange: answers({
        body: { items: [{ id: 3 }, { id: 4 }], next: '3' },
        fault: { kind: 'drip', bytes: 4, every: 2 },
      }),
      expect: { records: 'all', attempts: 1 },
      kit: 'Waits for all of it.',
    },
    slow(
      'The body drips for longer than the whole request may take, for ever',
      { total: 200 },
      answers({ body: LONG_BODY, fault: { kind: 'drip', bytes: 1, every: 20 } }),
      'not finished after 0.2 s',
      'Ends each attempt at the limit for the whole request.',
    ),
  ],
};
