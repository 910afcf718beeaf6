import { Agent, get, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';

import { expect, test } from '@jest/globals';

import { mockApi } from '../src/mock-api.ts';
import type { Reply } from '../src/reply.ts';

const BODY = 'abcdefghij';

interface Seen {
  status?: number | undefined;
  headers?: IncomingHttpHeaders;
  body: string;
  chunks: number;
  /** The code of the error that ended the request, if one did. */
  error?: string;
}

/** What a raw client sees of one reply; it hangs up once `enough` is true. */
const observe = async (reply: Reply, enough: (seen: Seen) => boolean = () => false): Promise<Seen> => {
  await using api = await mockApi();
  api.reply(reply);
  const seen: Seen = { body: '', chunks: 0 };
  await new Promise<void>((resolve) => {
    const fail = (error: NodeJS.ErrnoException) => {
      seen.error ??= error.code ?? error.message;
      resolve();
    };
    const request = get(api.url, { agent: false }, (response) => {
      seen.status = response.statusCode;
      seen.headers = response.headers;
      const look = () => {
        if (enough(seen)) resolve();
      };
      look();
      response.on('data', (chunk: Buffer) => {
        seen.body += chunk.toString('latin1');
        seen.chunks += 1;
        look();
      });
      response.on('end', resolve).on('error', fail);
    });
    request.on('error', fail);
  });
  return seen;
};

test('sends a whole reply with its length', async () => {
  const seen = await observe({ body: BODY });

  expect(seen).toMatchObject({ status: 200, body: BODY, headers: { 'content-length': '10' } });
  expect(seen.error).toBeUndefined();
});

test('resets the connection before the headers', async () => {
  const seen = await observe({ body: BODY, fault: { kind: 'reset' } });

  expect(seen).toEqual({ body: '', chunks: 0, error: 'ECONNRESET' });
});

test.each([0, 4])('resets the connection after %d bytes of the body', async (afterBytes) => {
  const seen = await observe({ body: BODY, fault: { kind: 'reset', afterBytes } });

  expect(seen).toMatchObject({ status: 200, body: BODY.slice(0, afterBytes), error: 'ECONNRESET' });
});

test.each([0, 4])('stalls after %d bytes of the body', async (afterBytes) => {
  const seen = await observe(
    { status: 202, body: BODY, fault: { kind: 'stall', afterBytes } },
    ({ body }) => body.length === afterBytes,
  );

  expect(seen).toMatchObject({ status: 202, body: BODY.slice(0, afterBytes), headers: { 'content-length': '10' } });
  expect(seen.error).toBeUndefined();
});

test('never answers when it stalls before the headers', async () => {
  await using api = await mockApi();
  api.reply({ fault: { kind: 'stall' } });

  await expect(fetch(api.url, { signal: AbortSignal.timeout(100) })).rejects.toThrow('aborted');
  expect(api.requests).toHaveLength(1);
});

test.each([
  [undefined, 'abcde'],
  [0, ''],
  [9, 'abcdefghi'],
])('truncates the body after %p bytes', async (afterBytes, body) => {
  const fault = { kind: 'truncate', ...(afterBytes !== undefined && { afterBytes }) } as const;
  const seen = await observe({ body: BODY, fault });

  expect(seen).toMatchObject({ status: 200, body, headers: { 'content-length': '10' }, error: 'ECONNRESET' });
});

test('truncates a chunked body', async () => {
  const seen = await observe({
    body: BODY,
    headers: { 'transfer-encoding': 'chunked' },
    fault: { kind: 'truncate', afterBytes: 3 },
  });

  expect(seen).toMatchObject({ body: 'abc', error: 'ECONNRESET' });
  expect(seen.headers).not.toHaveProperty('content-length');
});

test('drips the body a few bytes at a time', async () => {
  const seen = await observe({ body: BODY, fault: { kind: 'drip', bytes: 3, every: 20 } });

  expect(seen).toMatchObject({ body: BODY, chunks: 4 });
  expect(seen.error).toBeUndefined();
});

test('sends gzip that cannot be decompressed', async () => {
  const seen = await observe({ body: { id: 1 }, fault: { kind: 'malformed-gzip' } });

  expect(seen.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-type': 'application/json; charset=utf-8' });
  expect(seen.body.slice(0, 3)).toBe('\u001f\u008b\b');
  expect(() => gunzipSync(Buffer.from(seen.body, 'latin1'))).toThrow('invalid block type');
  expect(seen.error).toBeUndefined();
});

test('waits before it answers', async () => {
  await using api = await mockApi();
  api.reply({ body: 'much later', delay: 60_000 }).reply({ body: 'later', delay: 20 });

  await expect(fetch(api.url, { signal: AbortSignal.timeout(100) })).rejects.toThrow('aborted');
  expect(await (await fetch(api.url)).text()).toBe('later');
});

test('gives up a reply whose client has gone', async () => {
  await using api = await mockApi();
  api.reply({ body: BODY, delay: 60_000 }).reply({ body: BODY, fault: { kind: 'drip', bytes: 1, every: 60_000 } });
  const agent = new Agent({ keepAlive: true });

  for (let request = 1; request <= 2; request++) {
    const sent = get(api.url, { agent }, (response) => response.on('error', () => {}).resume());
    sent.on('error', () => {});
    while (api.requests.length < request) await new Promise((resolve) => setImmediate(resolve));
    sent.destroy();
  }
  agent.destroy();

  api.reply(200, 'still here');
  expect(await (await fetch(api.url)).text()).toBe('still here');
});
