import { expect, test } from '@jest/globals';
import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { jwtVerify } from 'jose';
import { ConfigError, JwtAuthenticator, type JwtAlgorithm, type JwtOptions } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { redact } from '../../src/output/redact.ts';
import { clientWith, get, handClock, sentBy } from './setup.ts';

const SECRET = 'a-shared-secret-of-at-least-sixty-four-bytes-so-that-any-hash-will-do!';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const PAIRS = {
  RS: rsa,
  PS: rsa,
  ES256: curve('P-256'),
  ES384: curve('P-384'),
  ES512: curve('P-521'),
  EdDSA: generateKeyPairSync('ed25519'),
};
const pairOf = (algorithm: string) =>
  PAIRS[(algorithm in PAIRS ? algorithm : algorithm.slice(0, 2)) as keyof typeof PAIRS];
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const jwtOf = async (options: JwtOptions): Promise<string> => {
  const { headers } = await sentBy(new JwtAuthenticator(options), get('https://api.test/'));
  return /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '';
};

const asymmetric: readonly JwtAlgorithm[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];

test.each(asymmetric)('signs with %s by PEM and by JWK', async (algorithm) => {
  const { privateKey, publicKey } = pairOf(algorithm);
  const jwk = privateKey.export({ format: 'jwk' }) as { [key: string]: unknown };

  for (const key of [pemOf(privateKey), jwk, JSON.stringify(jwk)]) {
    const { payload, protectedHeader } = await jwtVerify(
      await jwtOf({ algorithm, key, claims: { iss: 'me' } }),
      publicKey,
    );
    expect(payload.iss).toBe('me');
    expect(protectedHeader).toEqual({ alg: algorithm, typ: 'JWT' });
  }
});

test.each(['HS256', 'HS384', 'HS512'] as const)(
  'signs with %s by a secret, as text, base64 and JWK',
  async (algorithm) => {
    const secret = createSecretKey(SECRET, 'utf8');
    const base64 = Buffer.from(SECRET).toString('base64');
    const keys = [
      { key: SECRET },
      { key: base64, base64Secret: true },
      { key: { kty: 'oct', k: Buffer.from(SECRET).toString('base64url') } },
    ];

    for (const key of keys) await jwtVerify(await jwtOf({ algorithm, ...key }), secret);
    await expect(jwtVerify(await jwtOf({ algorithm, key: base64 }), secret)).rejects.toThrow(/signature/);
  },
);

test('reads keys as they come out of forms and environments, and locked ones', async () => {
  const pem = pemOf(rsa.privateKey);
  const forms = [
    { key: pem.replaceAll('\n', '\\n') },
    { key: pem.replaceAll('\n', ' ') },
    { key: pem.replaceAll('\n', '') },
    { key: pem.replaceAll('\n', '\r\n') },
    { key: rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() },
    ...(['pkcs8', 'pkcs1'] as const).map((type) => ({
      key: rsa.privateKey.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' }).toString(),
      passphrase: 'open sesame',
    })),
  ];

  for (const form of forms) await jwtVerify(await jwtOf({ algorithm: 'RS256', ...form }), rsa.publicKey);
});

test('says who, for whom and for how long', async () => {
  const clock = handClock(Date.UTC(2026, 0, 1));
  let id = 0;
  const jwt = await jwtOf({
    algorithm: 'HS256',
    key: SECRET,
    clock,
    claims: () => ({ iss: 'us', sub: 'you', aud: ['them'], scope: 'read', jti: String(++id) }),
    header: { kid: 'key-1', typ: 'at+jwt', cty: 'json' },
    lifetime: 90_500,
  });

  const { payload, protectedHeader } = await jwtVerify(jwt, createSecretKey(SECRET, 'utf8'), {
    currentDate: new Date(clock.time),
  });
  expect(payload).toEqual({
    iss: 'us',
    sub: 'you',
    aud: ['them'],
    scope: 'read',
    jti: '1',
    iat: 1767225600,
    exp: 1767225690,
  });
  expect(protectedHeader).toEqual({ alg: 'HS256', kid: 'key-1', typ: 'at+jwt', cty: 'json' });
});

test('sends the same JWT until shortly before it ends', async () => {
  const clock = handClock();
  const authenticator = new JwtAuthenticator({ algorithm: 'HS256', key: SECRET, clock });
  const next = async () => (await sentBy(authenticator, get('https://api.test/'))).headers['authorization'];

  const first = await next();
  clock.time += 1_139_999;
  expect(await next()).toBe(first);
  clock.time += 1;
  expect(await next()).not.toBe(first);
});

test('signs a new one once when the API refuses it, and carries it where it is to', async () => {
  await using api = await mockApi();
  let id = 0;
  api.on('GET /a', { status: 401 }, ({ headers }) => ({ body: headers['x-assertion'] }), { status: 401 });
  const place = { header: 'X-Assertion' };
  const authenticator = new JwtAuthenticator({
    algorithm: 'HS256',
    key: SECRET,
    place,
    claims: () => ({ jti: String(++id) }),
  });
  const send = clientWith(authenticator);

  await send(get(`${api.url}/a`));
  const failed = await send(get(`${api.url}/a`)).catch((error: unknown) => error);

  expect(failed).toMatchObject({ status: 401, failureType: 'config_error' });
  expect(api.requests).toHaveLength(4);
  expect(id).toBe(3);
});

test.each<[string, JwtOptions, RegExp]>([
  ['no key', { algorithm: 'RS256', key: '' }, /The key that signs the JWT is empty/],
  [
    'a word',
    { algorithm: 'RS256', key: 'not-a-key-at-all' },
    /RS256 cannot be read: .* Give a private key as PEM or JWK/,
  ],
  ['another kind', { algorithm: 'ES256', key: pemOf(rsa.privateKey) }, /The key cannot sign a JWT with ES256/],
  [
    'a public key',
    { algorithm: 'RS256', key: rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString() },
    /RS256 cannot be read/,
  ],
])('blames the config for %s', async (_name, options, says) => {
  const failed = await jwtOf(options).catch((error: unknown) => error);

  expect(failed).toBeInstanceOf(ConfigError);
  expect(String(failed)).toMatch(says);
  expect(String(failed)).not.toContain('not-a-key-at-all');
});

test('hides the key, its lines and the JWT', async () => {
  const { privateKey } = curve('P-256');
  const jwt = await jwtOf({ algorithm: 'ES256', key: pemOf(privateKey) });
  const jwk = curve('P-256').privateKey.export({ format: 'jwk' });
  await jwtOf({ algorithm: 'ES256', key: JSON.stringify(jwk) });

  const [, line = ''] = pemOf(privateKey).split('\n');
  expect(redact(`${line} and ${jwt} and ${jwk.d ?? ''}`)).toBe('**** and **** and ****');
});
