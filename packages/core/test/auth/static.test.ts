import { expect, test } from '@jest/globals';
import {
  ApiKeyAuthenticator,
  BasicHttpAuthenticator,
  ConfigError,
  ConnectorError,
  TokenAuthenticator,
} from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { redact } from '../../src/output/redact.ts';
import { clientWith, get, sentBy } from './setup.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { 'content-type': 'application/json' };

test('sends a token as bearer, or with another word in another header', async () => {
  await using api = await mockApi();
  api.on('GET /a', { body: [] });

  await clientWith(new TokenAuthenticator('token-one'))(get(`${api.url}/a`));
  await clientWith(new TokenAuthenticator({ token: 'token-two', prefix: 'Token', header: 'X-Auth' }))(
    get(`${api.url}/a`),
  );
  await clientWith(new TokenAuthenticator({ token: 'token-three', prefix: '' }))(get(`${api.url}/a`));

  const sent = api.requests.map(({ headers }) => headers['authorization'] ?? headers['x-auth']);
  expect(sent).toEqual(['Bearer token-one', 'Token token-two', 'token-three']);
});

test('sends user name and password in UTF-8, an empty one too', async () => {
  const both = await sentBy(new BasicHttpAuthenticator({ username: 'zoë', password: 'pä:ss' }), get('http://a.test/'));
  const alone = await sentBy(new BasicHttpAuthenticator({ username: 'a-token-as-name' }), get('http://a.test/'));

  // The first as RFC 7617 would have it, computed by hand: "zoë:pä:ss".
  expect(both.headers['authorization']).toBe('Basic em/Dqzpww6Q6c3M=');
  expect(Buffer.from(alone.headers['authorization']!.slice(6), 'base64').toString()).toBe('a-token-as-name:');
});

test('hides every secret it is given, as text and in base64', () => {
  const made = [
    new TokenAuthenticator('hidden-token-1'),
    new BasicHttpAuthenticator({ username: 'me', password: 'hidden-password-2' }),
    new ApiKeyAuthenticator({ query: 'key', key: 'hidden-key-3' }),
  ];
  const basic = Buffer.from('me:hidden-password-2').toString('base64');

  expect(redact(`hidden-token-1 hidden-password-2 hidden-key-3 ${basic}`)).toBe('**** **** **** ****');
  expect(made).toHaveLength(3);
});

test('puts a key in a header, the query, a cookie, a form and a JSON body', async () => {
  const key = 'k&y=1';
  const url = 'https://api.test/a?q=x%20y';
  const post = { method: 'POST' };

  const header = await sentBy(new ApiKeyAuthenticator({ header: 'X-API-Key', key }), get(url));
  const prefixed = await sentBy(new ApiKeyAuthenticator({ header: 'X-Key', prefix: 'Key', key }), get(url));
  const query = await sentBy(new ApiKeyAuthenticator({ query: 'key', key }), get(url));
  const replaced = await sentBy(new ApiKeyAuthenticator({ query: 'q', key }), get(url));
  const cookie = await sentBy(
    new ApiKeyAuthenticator({ cookie: 'sid', key }),
    get(url, { headers: { cookie: 'a=1; sid=old' } }),
  );
  const form = await sentBy(
    new ApiKeyAuthenticator({ form: 'key', key }),
    get(url, { ...post, body: 'a=1', headers: FORM }),
  );
  const json = await sentBy(
    new ApiKeyAuthenticator({ json: 'auth.key', key }),
    get(url, { ...post, body: '{"id":12345678901234567890}', headers: JSON_TYPE }),
  );

  expect(header.headers).toEqual({ 'x-api-key': key });
  expect(prefixed.headers).toEqual({ 'x-key': `Key ${key}` });
  expect(query.url).toBe('https://api.test/a?q=x%20y&key=k%26y%3D1');
  expect(replaced.url).toBe('https://api.test/a?q=k%26y%3D1');
  expect(cookie.headers['cookie']).toBe('a=1; sid=k&y=1');
  expect(form.body).toBe('a=1&key=k%26y%3D1');
  expect(json.body).toBe('{"id":12345678901234567890,"auth":{"key":"k&y=1"}}');
});

test('makes a body for a key where there is none, and says what it is', async () => {
  const form = await sentBy(
    new ApiKeyAuthenticator({ form: 'key', key: 'abc' }),
    get('http://a.test', { method: 'POST' }),
  );
  const json = await sentBy(
    new ApiKeyAuthenticator({ json: 'key', key: 'abc' }),
    get('http://a.test', { method: 'POST' }),
  );

  expect(form).toMatchObject({ body: 'key=abc', headers: FORM });
  expect(json).toMatchObject({ body: '{"key":"abc"}', headers: JSON_TYPE });
});

test('refuses to put a key in a body of another kind', async () => {
  const list = get('http://a.test', { method: 'POST', headers: JSON_TYPE, body: '[1]' });

  await expect(sentBy(new ApiKeyAuthenticator({ form: 'key', key: 'abc' }), list)).rejects.toThrow(ConnectorError);
  await expect(sentBy(new ApiKeyAuthenticator({ json: 'key', key: 'abc' }), list)).rejects.toThrow(/no JSON object/);
});

test('says which credential is missing or cannot be sent, without telling it', () => {
  const start = (one: { authenticate: TokenAuthenticator['authenticate'] }) => () =>
    one.authenticate(async () => Promise.reject());
  const none = undefined as unknown as string;

  expect(start(new TokenAuthenticator(''))).toThrow(/The token of TokenAuthenticator is empty/);
  expect(start(new TokenAuthenticator(none))).toThrow(/The token of TokenAuthenticator is missing/);
  expect(start(new TokenAuthenticator('copied\n'))).toThrow(ConfigError);
  expect(start(new TokenAuthenticator('copied\n'))).not.toThrow(/copied/);
  expect(start(new ApiKeyAuthenticator({ header: 'X-Key', key: none }))).toThrow(/header "X-Key".* is missing/);
  expect(start(new BasicHttpAuthenticator({ username: 'a:b' }))).toThrow(/holds a colon/);
});
