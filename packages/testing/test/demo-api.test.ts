import { get } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

import { expect, test } from '@jest/globals';

import { demoApi, type DemoApi } from '../src/demo-api.ts';

const read = async (api: DemoApi, target: string, headers: Record<string, string> = {}) => {
  const url = target.startsWith('http') ? target : `${api.url}${target}`;
  const response = await fetch(url, { headers: { 'x-api-key': api.apiKey, ...headers } });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
};

const plain = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? Number(item) : item)));

test('pages through the repositories by number', async () => {
  await using api = await demoApi({ faults: false });
  const items: unknown[] = [];
  const sizes: number[] = [];

  for (let page: number | null = 1; page !== null;) {
    const { body } = await read(api, `/v1/repositories?page=${page}`);
    items.push(...body.items);
    sizes.push(body.items.length);
    page = body.next_page;
  }

  expect(sizes).toEqual([5, 5, 2]);
  expect(items).toEqual(plain(api.data.repositories));
});

test('pages through the issues by cursor, oldest change first', async () => {
  await using api = await demoApi({ faults: false });
  const issues: { id: number; updated_at: string }[] = [];
  let pages = 0;

  for (let cursor: string | null = ''; cursor !== null; pages++) {
    const { body } = await read(api, `/v1/issues?per_page=7${cursor && `&cursor=${cursor}`}`);
    issues.push(...body.data);
    cursor = body.next_cursor;
  }

  expect(pages).toBe(35);
  expect(issues).toEqual(plain(api.data.issues));
  expect(new Set(issues.map(({ id }) => id)).size).toBe(240);
  expect(issues.map(({ updated_at: at }) => at)).toEqual(issues.map(({ updated_at: at }) => at).toSorted());
});

test('gives the issues since a moment, that moment included', async () => {
  await using api = await demoApi({ faults: false });
  const since = api.data.issues[230]?.updated_at ?? '';

  const { body } = await read(api, `/v1/issues?since=${since}&per_page=100`);

  expect(body.data[0].updated_at).toBe(since);
  expect(body.data).toEqual(plain(api.data.issues.filter(({ updated_at: at }) => at >= since)));
  expect(body.next_cursor).toBeNull();
  expect((await read(api, '/v1/issues?since=2027-01-01T00:00:00%2B02:00')).body).toEqual({
    data: [],
    next_cursor: null,
  });
});

test('writes an id beyond 2^53 with all its digits', async () => {
  await using api = await demoApi({ faults: false });

  const { text } = await read(api, '/v1/issues?per_page=50&cursor=ZnJvbToxMDA');

  expect(text).toContain('{"data":[{"id":9007199254740993,');
});

test('links the pages of commits', async () => {
  await using api = await demoApi({ faults: false });
  for (const [name, commits] of api.data.commits) {
    const found: unknown[] = [];
    let next: string | undefined = `/v1/repositories/${name}/commits?per_page=10`;
    while (next !== undefined) {
      const { body, headers } = await read(api, next);
      found.push(...body);
      next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    }
    expect(found).toEqual(plain(commits));
    expect(commits.length).toBeGreaterThanOrEqual(20);
    expect(commits.length).toBeLessThanOrEqual(60);
  }
});

test('refuses a missing or wrong key', async () => {
  await using api = await demoApi();
  const wrong = await read(api, '/v1/issues', { 'x-api-key': 'demo-key-124' });

  expect(wrong.status).toBe(401);
  expect(wrong.body).toEqual({
    error: { code: 'unauthorized', message: 'The header X-API-Key is missing or wrong.' },
  });
  expect((await fetch(`${api.url}/v1/issues`)).status).toBe(401);
  expect(api.apiKey).toBe('demo-key-123');
});

test('explains other wrong requests', async () => {
  await using api = await demoApi({ apiKey: 'k', faults: false });
  const codeOf = async (target: string) => {
    const { status, body } = await read(api, target);
    return [status, body.error.code];
  };

  expect(await codeOf('/v1/issues?since=yesterday')).toEqual([400, 'invalid_since']);
  expect(await codeOf('/v1/issues?cursor=xyz')).toEqual([400, 'invalid_cursor']);
  expect(await codeOf('/v1/repositories/nowhere/commits')).toEqual([404, 'not_found']);
  expect(await codeOf('/v2')).toEqual([404, 'not_found']);
});

test('meets exactly one 429 and one 503 on the way', async () => {
  await using api = await demoApi();
  await fetch(api.url);
  const statuses: number[] = [];
  for (let request = 1; request <= 30; request++) {
    const { status, headers } = await read(api, '/v1/repositories');
    statuses.push(status);
    if (status === 429) expect(headers.get('retry-after')).toBe('1');
  }

  expect(statuses.indexOf(429)).toBe(4);
  expect(statuses.indexOf(503)).toBe(11);
  expect(statuses.filter((status) => status !== 200)).toEqual([429, 503]);
  expect(api.stats).toMatchObject({ requests: 31, rateLimited: 1, unavailable: 1 });
});

test('compresses for whom accepts gzip and counts the bytes sent', async () => {
  await using api = await demoApi({ faults: false });
  const fetchRaw = (headers: Record<string, string>) =>
    new Promise<{ encoding: string | undefined; bytes: Buffer }>((resolve, reject) => {
      get(`${api.url}/v1/repositories`, { headers: { 'x-api-key': api.apiKey, ...headers } }, (response) => {
        buffer(response).then((bytes) => resolve({ encoding: response.headers['content-encoding'], bytes }), reject);
      }).on('error', reject);
    });

  const identity = await fetchRaw({});
  const gzip = await fetchRaw({ 'accept-encoding': 'br, gzip' });

  expect([identity.encoding, gzip.encoding]).toEqual([undefined, 'gzip']);
  expect(gunzipSync(gzip.bytes)).toEqual(identity.bytes);
  expect(gzip.bytes.length).toBeLessThan(identity.bytes.length);
  expect(api.stats.bytes).toBe(identity.bytes.length + gzip.bytes.length);
});
