import { expect, test } from '@jest/globals';
import { gunzipSync, gzipSync } from 'node:zlib';

import { loopbackServer } from '../../src/loopback-server.ts';
import { faultProxy } from '../../src/suite/fault-proxy.ts';

test('hands through method, path, headers and body', async () => {
  await using api = await loopbackServer(({ method, path, query, headers, body }) => ({
    status: 201,
    headers: { 'x-answer': 'yes' },
    body: { method, path, query: query.toString(), key: headers['x-key'], host: headers.host, body },
  }));
  await using proxy = await faultProxy({ api: `${api.url}/v1/` });

  const response = await fetch(`${proxy.url}/items?a=1&b=%20x`, {
    method: 'POST',
    headers: { 'x-key': 'k' },
    body: 'é',
  });

  expect(proxy.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
  expect(response.status).toBe(201);
  expect(response.headers.get('x-answer')).toBe('yes');
  const host = new URL(api.url).host;
  const expected = { method: 'POST', path: '/v1/items', query: 'a=1&b=+x', key: 'k', host, body: 'é' };
  expect(await response.json()).toEqual(expected);
  expect(proxy.requests).toBe(1);
});

test('keeps links of the API leading through the proxy, and back', async () => {
  const asked: string[] = [];
  await using api = await loopbackServer(({ headers, query }) => {
    asked.push(query.toString());
    const own = `http://${headers.host}`;
    const text = JSON.stringify({ next: `${own}/a?page=2`, escaped: 'X', other: `${own}0/b`, name: 'Zoë' });
    const body = gzipSync(text.replace('X', `${own}/c`.replaceAll('/', '\\/')));
    return {
      headers: {
        link: `<${own}/a?page=2>; rel="next"`,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      },
      body,
    };
  });
  await using proxy = await faultProxy({ api: api.url });

  const response = await fetch(`${proxy.url}/a?from=${encodeURIComponent(`${proxy.url}/x`)}`);

  expect(response.headers.get('link')).toBe(`<${proxy.url}/a?page=2>; rel="next"`);
  const body = await response.text();
  expect(JSON.parse(body)).toEqual({
    next: `${proxy.url}/a?page=2`,
    escaped: `${proxy.url}/c`,
    other: `${api.url}0/b`,
    name: 'Zoë',
  });
  expect(asked).toEqual([new URLSearchParams({ from: `${api.url}/x` }).toString()]);
  expect(JSON.parse(proxy.rewrite(body))).toMatchObject({ next: `${api.url}/a?page=2`, escaped: `${api.url}/c` });
});

test('leaves the bytes of an answer without links as they are', async () => {
  const body = gzipSync(JSON.stringify({ id: 1 }));
  await using api = await loopbackServer(({ path }) => ({
    headers: {
      'content-type': path === '/image' ? 'image/png' : 'application/json',
      ...(path !== '/image' && { 'content-encoding': 'gzip' }),
    },
    body,
  }));
  await using proxy = await faultProxy({ api: api.url });

  const bytes = Buffer.from(await (await fetch(`${proxy.url}/image`)).arrayBuffer());

  expect(JSON.parse(gunzipSync(bytes).toString())).toEqual({ id: 1 });
  expect(await (await fetch(`${proxy.url}/json`)).json()).toEqual({ id: 1 });
});

test.each(['429', '500', '503', 'reset', 'truncate'] as const)('injects %s once, at its request', async (kind) => {
  let answered = 0;
  await using api = await loopbackServer(() => {
    answered += 1;
    return { body: { text: 'x'.repeat(1000) } };
  });
  await using proxy = await faultProxy({ api: api.url, fault: { kind, at: 2 } });
  const ask = () =>
    fetch(proxy.url).then(
      async (response) => (await response.text().catch(() => undefined), response.status),
      () => 'no answer',
    );
  const whole = () => fetch(proxy.url).then((response) => response.text());

  expect(await ask()).toBe(200);
  if (kind === 'truncate') await expect(whole()).rejects.toThrow();
  else expect(await ask()).toBe(kind === 'reset' ? 'no answer' : Number(kind));
  expect(await ask()).toBe(200);
  expect(answered).toBe(kind === 'truncate' ? 3 : 2);
});

test('holds a request and says so', async () => {
  await using api = await loopbackServer(() => ({ body: {} }));
  const end = new AbortController();
  await using proxy = await faultProxy({ api: api.url, hold: { at: 1, onHold: () => end.abort() } });

  await expect(fetch(proxy.url, { signal: end.signal })).rejects.toThrow();
});
