import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { createClient, registerSecret } from '@headwater/core';

import { useCassettes } from '../../src/cassette/index.ts';
import { mockApi } from '../../src/mock-api.ts';
import { filesIn, temporaryFolder } from './setup.ts';

const SEED = Number(process.env['HEADWATER_FUZZ_SEED'] ?? 20_261_121);
const ROUNDS = Number(process.env['HEADWATER_FUZZ_ROUNDS'] ?? 60);

/** Random choices that a seed repeats. */
const dice = (seed: number) => {
  let state = seed >>> 0;
  const below = (count: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const text = (signs: string, length: number): string =>
    Array.from({ length }, () => pick(Array.from(signs))).join('');
  return { below, pick, text };
};

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
/** Ways to write a secret, each with how it is found again. */
const QUOTES: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  inJson,
  (secret) => inJson(inJson(secret)),
  encodeURIComponent,
  (secret) => encodeURIComponent(encodeURIComponent(secret)),
  (secret) => new URLSearchParams({ s: secret }).toString().slice(2),
  (secret) => Buffer.from(secret).toString('base64'),
  (secret) => Buffer.from(`user:${secret}`).toString('base64url'),
  (secret) => Buffer.from(secret).toString('hex'),
  (secret) => secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
  (secret) => JSON.stringify(Buffer.from(secret)),
];

const NAMES = [
  'access_token',
  'refresh_token',
  'client_secret',
  'password',
  'sessionId',
  'apiKey',
  'api-key',
  'id_token',
];

test(`writes none of the secrets of ${ROUNDS} random exchanges, however they are quoted`, async () => {
  const { below, pick, text } = dice(SEED);
  await using folder = await temporaryFolder();
  const api = await mockApi();
  let answer: { body: unknown; headers: Record<string, string> } = { body: {}, headers: {} };
  for (const route of ['GET /:x', 'POST /:x']) api.on(route, () => answer);
  const recording = await useCassettes({ directory: join(folder.path, 'cassettes'), mode: 'record' });
  const send = createClient();
  const secrets: string[] = [];

  for (let round = 0; round < ROUNDS; round++) {
    const secret = text(`${LETTERS}${LETTERS}-_+/="\\&<% ü`, 12 + below(30)).trim();
    // Known to the kit, or only by the name of what holds it.
    const registered = below(3) > 0;
    if (registered) registerSecret(secret);
    if (secret.length < 8) continue;
    secrets.push(secret);
    const name = pick(NAMES);
    const quoted = registered ? pick(QUOTES)(secret) : secret;
    const safe = encodeURIComponent(quoted);
    const inName = { [name]: secret, deep: [{ [name]: secret }] };
    const anywhere = {
      note: `it is ${quoted}.`,
      list: [quoted],
      [`k${quoted}`]: 1,
      at: `https://x.example.com/?q=${safe}`,
    };
    answer = {
      body: pick([
        registered ? { ...inName, ...anywhere } : inName,
        registered ? `<a b="${quoted}">${quoted}</a>` : `<${name}>${inXml(secret)}</${name}>`,
        registered ? `a,b\n${quoted},1\n` : `${JSON.stringify(inName)}\n${JSON.stringify(inName)}\n`,
        registered ? Buffer.concat([Buffer.from([0, 255]), Buffer.from(secret)]) : inName,
        registered ? Buffer.from(`\ufeff${secret}`, 'utf16le') : inName,
      ]),
      headers: {
        'set-cookie': `sid=${encodeURIComponent(secret)}; Path=/`,
        'x-auth-token': encodeURIComponent(secret),
        ...(registered && { 'x-echo': safe, link: `</next?${name}=${safe}>; rel="next"` }),
      },
    };
    const path = registered && below(2) === 0 ? safe : 'path';
    const query = pick([`${name}=${encodeURIComponent(secret)}`, registered ? `q=${safe}` : 'q=1']);
    const body = pick([
      JSON.stringify(registered ? { ...inName, ...anywhere } : inName),
      new URLSearchParams({ [name]: secret }).toString(),
    ]);
    await send({
      method: below(2) === 0 ? 'GET' : 'POST',
      url: `${api.url}/${path}?${query}`,
      headers: {
        authorization: `Bearer ${encodeURIComponent(secret)}`,
        'x-api-key': encodeURIComponent(secret),
        cookie: `sid=${encodeURIComponent(secret)}`,
        'content-type': body.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded',
      },
      body,
    });
  }
  await recording.close();
  await api.close();

  const written = Object.values(await filesIn(folder)).join('\n');
  const found = secrets.filter((secret) =>
    // As it stands in the file, and as a reader of its texts would see it.
    QUOTES.some((quote) => written.includes(quote(secret)) || written.includes(inJson(quote(secret)))),
  );
  // Both ways of hiding were used.
  expect(written).toContain('****');
  expect(written).toContain('redacted-');
  expect(secrets.length).toBeGreaterThan(ROUNDS / 2);
  expect(found.map((secret) => `${secret} (HEADWATER_FUZZ_SEED=${SEED})`)).toEqual([]);
});

const inXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll(']', '');
