import { expect, test } from '@jest/globals';
import { createHash, createHmac } from 'node:crypto';
import { ConfigError, HmacAuthenticator, type HmacParts } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { clientWith, get, handClock, sentBy } from './setup.ts';

const secret = 'the-shared-secret';
const hmac = (text: string, encoding: 'hex' | 'base64' = 'hex', key: string | Uint8Array = secret, hash = 'sha256') =>
  createHmac(hash, key).update(text).digest(encoding);

test('lets the server check time, method, path, query and body as it received them', async () => {
  await using api = await mockApi();
  api.reply(200);
  const authenticator = new HmacAuthenticator({
    secret,
    headers: ({ timestamp, nonce }) => ({ 'X-Key': 'key-1', 'X-Timestamp': timestamp, 'X-Nonce': nonce }),
    sign: ({ timestamp, nonce, method, host, path, query, body, headers }) =>
      [timestamp, nonce, method, host, path, query, headers['x-key'], headers['content-type'], body].join('\n'),
  });

  const headers = { 'content-type': 'text/plain' };
  await clientWith(authenticator)(get(`${api.url}/ä b?q=x'y`, { method: 'POST', body: 'größe', headers }));

  const [received] = api.requests;
  const { host, ...sent } = received!.headers as Record<string, string>;
  const parts = [
    sent['x-timestamp'],
    sent['x-nonce'],
    'POST',
    host,
    received!.path,
    'q=x%27y',
    'key-1',
    'text/plain',
    'größe',
  ];
  expect(received!.path).toBe('/%C3%A4%20b');
  expect(sent['x-signature']).toBe(hmac(parts.join('\n')));
  expect(Math.abs(Number(sent['x-timestamp']) - received!.time / 1000)).toBeLessThan(60);
});

test('signs parameters it adds itself and puts the signature behind them', async () => {
  const authenticator = new HmacAuthenticator({
    secret,
    clock: handClock(),
    timestamp: 'milliseconds',
    params: ({ timestamp }) => ({ timestamp }),
    sign: ({ query }) => query,
    place: { query: 'signature' },
  });

  const { url } = await sentBy(authenticator, get('https://api.test/orders?symbol=A&limit=5'));

  const query = 'symbol=A&limit=5&timestamp=1767225600000';
  expect(url).toBe(`https://api.test/orders?${query}&signature=${hmac(query)}`);
});

test('takes other hashes, encodings and forms of secret and time', async () => {
  const clock = handClock();
  const parts: HmacParts[] = [];
  const sign = (signed: HmacParts): string => {
    parts.push(signed);
    return createHash('md5').update(signed.body).digest('hex');
  };
  const binary = Buffer.from('0001feff', 'hex');
  const options = { sign, clock, algorithm: 'sha512', encoding: 'base64', timestamp: 'iso' } as const;

  const one = await sentBy(
    new HmacAuthenticator({ ...options, secret: binary.toString('base64'), secretEncoding: 'base64' }),
    get('https://api.test/', { method: 'post', body: Buffer.from('bytes') }),
  );
  const two = await sentBy(
    new HmacAuthenticator({
      ...options,
      secret: '0001feff',
      secretEncoding: 'hex',
      place: { header: 'Authorization', prefix: 'HMAC' },
    }),
    get('https://api.test/', { method: 'post', body: 'bytes' }),
  );

  const wanted = hmac(createHash('md5').update('bytes').digest('hex'), 'base64', binary, 'sha512');
  expect(one.headers['x-signature']).toBe(wanted);
  expect(two.headers['authorization']).toBe(`HMAC ${wanted}`);
  expect(parts[0]).toMatchObject({ method: 'POST', path: '/', query: '', timestamp: '2026-01-01T00:00:00.000Z' });
  expect(parts[0]!.nonce).not.toBe(parts[1]!.nonce);
});

test('signs each attempt anew', async () => {
  await using api = await mockApi();
  api.reply(503).reply(200);
  const clock = handClock();
  const authenticator = new HmacAuthenticator({ secret, clock, sign: ({ timestamp }) => timestamp });

  await clientWith(authenticator, { retry: { clock, backoff: () => 5000 } })(get(`${api.url}/a`));

  const signatures = api.requests.map(({ headers }) => headers['x-signature']);
  expect(signatures).toEqual([hmac('1767225600'), hmac('1767225605')]);
});

test('says that its secret is missing', () => {
  const without = new HmacAuthenticator({ secret: '', sign: () => '' });

  expect(() => without.authenticate(() => Promise.reject())).toThrow(ConfigError);
});
