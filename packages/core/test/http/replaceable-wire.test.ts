import { afterEach, expect, test } from '@jest/globals';
import { mockApi } from '@headwater/testing';
import { HttpConnections } from '../../src/connection/connections.ts';
import { createClient } from '../../src/http/client.ts';
import { replaceWire, type WireReplacement } from '../../src/http/replaceable-wire.ts';
import type { HttpRequest, WireResponse } from '../../src/http/types.ts';
import { forgetSecrets, registerSecret } from '../../src/output/redact.ts';

afterEach(() => {
  replaceWire(undefined);
  forgetSecrets();
});

const get = (url: string): HttpRequest => ({ method: 'GET', url, headers: {} });

const answer = (request: HttpRequest, text: string, status = 200): WireResponse => ({
  request,
  status,
  headers: {},
  url: request.url,
  bytes: Buffer.from(text),
});

const saying = (text: string): WireReplacement => ({ send: async (request) => answer(request, text) });

test('replaces the wire of clients there are already, and gives it back', async () => {
  await using api = await mockApi();
  api.on('GET /x', { body: 'real' });
  const send = createClient();
  const textNow = async () => Buffer.from((await send(get(`${api.url}/x`))).bytes).toString();

  expect(await textNow()).toBe('real');
  expect(replaceWire(saying('replaced'))).toBeUndefined();
  expect(await textNow()).toBe('replaced');
  const before = replaceWire(undefined);
  expect(before).toBeDefined();
  expect(await textNow()).toBe('real');
});

test('leaves a client with a wire of its own alone', async () => {
  replaceWire(saying('replaced'));
  const send = createClient({ wire: async (request) => answer(request, 'own') });

  expect(Buffer.from((await send(get('http://nowhere.invalid/'))).bytes).toString()).toBe('own');
});

test('gives the replacement the real wire, and what hides secrets', async () => {
  await using api = await mockApi();
  api.on('GET /x', { body: 'real' });
  registerSecret('a-registered-secret');
  replaceWire({
    async send(request, { real, redact, redactData, hiding }) {
      const { bytes } = await real(request);
      const said = [
        Buffer.from(bytes).toString(),
        redact('a-registered-secret'),
        redactData('it is a-registered-secret'),
        hiding(['one-more-secret'])(`b=${encodeURIComponent('one-more-secret')}`),
      ];
      return answer(request, said.join('|'));
    },
  });

  const { bytes } = await createClient()(get(`${api.url}/x`));
  expect(Buffer.from(bytes).toString()).toBe('real|****|it is ****|b=****');
});

test('calls the replacement for each attempt, without waits where it is quick', async () => {
  let calls = 0;
  replaceWire({
    quick: true,
    async send(request, seam) {
      calls++;
      if (calls === 1) return { ...answer(request, '', 429), headers: { 'retry-after': '500' } };
      if (calls === 2) throw seam.brokenConnection(request);
      return answer(request, 'there');
    },
  });
  const { bytes } = await createClient()(get('http://nowhere.invalid/'));

  expect([calls, Buffer.from(bytes).toString()]).toEqual([3, 'there']);
});

test('reaches connections and their pings too', async () => {
  replaceWire(saying('{"a":1}'));
  await using connections = new HttpConnections({ api: { baseUrl: 'http://nowhere.invalid' } });
  const connection = connections.get('api');

  expect((await connection.get('x')).json()).toEqual({ a: 1 });
  expect((await connection.ping()).status).toBe(200);
});
