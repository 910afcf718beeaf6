import { expect, test } from '@jest/globals';

import { mockApi } from '../src/mock-api.ts';

test('answers with the scripted replies in order', async () => {
  await using api = await mockApi();
  api.reply(503).reply(200, [{ id: 1 }], { 'x-total': 1 });

  expect((await fetch(`${api.url}/issues`)).status).toBe(503);
  const second = await fetch(`${api.url}/issues`);

  expect(second.headers.get('x-total')).toBe('1');
  expect(second.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await second.json()).toEqual([{ id: 1 }]);
});

test('sends text and bytes as they are', async () => {
  await using api = await mockApi();
  api.reply(200, '{"broken": ').reply(200, Buffer.from([0xff, 0x00]), { 'content-type': 'image/x-two' });

  const text = await fetch(api.url);
  expect(text.headers.get('content-type')).toBeNull();
  expect(await text.text()).toBe('{"broken": ');
  const bytes = await fetch(api.url);
  expect(bytes.headers.get('content-type')).toBe('image/x-two');
  expect([...new Uint8Array(await bytes.arrayBuffer())]).toEqual([0xff, 0x00]);
});

test('sends large integers with all their digits', async () => {
  await using api = await mockApi();
  api.reply(200, { ids: [2n ** 64n], at: new Date(0), none: undefined, empty: null });

  expect(await (await fetch(api.url)).text()).toBe(
    '{"ids":[18446744073709551616],"at":"1970-01-01T00:00:00.000Z","empty":null}',
  );
});

test('sends a header once for each of its values', async () => {
  await using api = await mockApi();
  api.reply({ status: 204, headers: { 'set-cookie': ['a=1', 'b=2'] } });

  const response = await fetch(api.url);
  expect(response.status).toBe(204);
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
});

test('records every request whole', async () => {
  await using api = await mockApi();
  api.reply(200).reply(200);
  const before = Date.now();

  await fetch(`${api.url}/caf%C3%A9//x?tag=a&tag=b%20c`, { method: 'POST', body: 'é€', headers: { 'X-Trace': 't' } });
  await fetch(`${api.url}/second`);

  const [first, second] = api.requests;
  expect(first).toMatchObject({ method: 'POST', path: '/caf%C3%A9//x', body: 'é€', headers: { 'x-trace': 't' } });
  expect(first?.query.getAll('tag')).toEqual(['a', 'b c']);
  expect(first?.time).toBeGreaterThanOrEqual(before);
  expect(second).toMatchObject({ method: 'GET', path: '/second', body: '' });
  expect(api.requests).toHaveLength(2);
});

test('answers an unexpected request with 400 and lists it', async () => {
  await using api = await mockApi({ strict: false });

  const response = await fetch(`${api.url}/issues?page=2`);

  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    error: 'GET /issues?page=2: no route fits and the script has no reply left.',
  });
  expect(api.unexpected).toEqual(api.requests);
  expect(api.unexpected).toHaveLength(1);
});

test('routes by method and path before it looks at the script', async () => {
  await using api = await mockApi({ strict: false });
  api
    .reply(200, 'from the script')
    .on('GET /issues/:id', ({ params, query }) => ({ body: `${params['id']} ${query.get('page')}` }))
    .on('POST /issues', { status: 201 });

  expect(await (await fetch(`${api.url}/issues/a%20b?page=3`)).text()).toBe('a b 3');
  expect((await fetch(`${api.url}/issues`, { method: 'POST' })).status).toBe(201);
  expect(await (await fetch(`${api.url}/issues`)).text()).toBe('from the script');
  expect((await fetch(`${api.url}/issues/`)).status).toBe(400);
});

test('gives the answers of a route in order, then the last one', async () => {
  await using api = await mockApi();
  api.on('GET /token', { body: 'first' }, () => Promise.resolve({ body: 'then' }));

  const bodies: string[] = [];
  for (let request = 0; request < 4; request++) bodies.push(await (await fetch(`${api.url}/token`)).text());

  expect(bodies).toEqual(['first', 'then', 'then', 'then']);
});

test('prefers the route declared last', async () => {
  await using api = await mockApi();
  api.on('GET /issues/:id', { body: 'any' }).on('GET /issues/new', { body: 'new' });

  expect(await (await fetch(`${api.url}/issues/new`)).text()).toBe('new');
  expect(await (await fetch(`${api.url}/issues/7`)).text()).toBe('any');
});

test('tells the client what a route threw', async () => {
  await using api = await mockApi({ strict: false });
  api.on('GET /', () => {
    throw new RangeError('no such page');
  });

  const response = await fetch(api.url);

  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: 'GET /: the route threw RangeError: no such page' });
  expect(api.unexpected).toHaveLength(1);
});

test('tells the client why a reply cannot be sent', async () => {
  await using api = await mockApi();
  api.reply(200, {}, { 'bad header': 1 });

  const response = await fetch(api.url);

  expect(response.status).toBe(400);
  expect(await response.text()).toContain('bad header');
});

test('refuses a route it cannot read', async () => {
  await using api = await mockApi();

  for (const route of ['/issues', 'get /issues', 'GET issues', 'GET /issues?page=1', '']) {
    expect(() => api.on(route, {})).toThrow(TypeError);
  }
});

test('keeps connections alive and ends at once', async () => {
  const api = await mockApi();
  api.reply(200, 'one').reply({ fault: { kind: 'stall' } });
  await (await fetch(api.url)).text();

  const stalled = fetch(api.url);
  const outcome = expect(stalled).rejects.toThrow('fetch failed');
  while (api.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
  await api.close();
  await api.close();

  await outcome;
  await expect(fetch(api.url)).rejects.toThrow('fetch failed');
});

test('has a url without a trailing slash', async () => {
  await using api = await mockApi();

  expect(api.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});
