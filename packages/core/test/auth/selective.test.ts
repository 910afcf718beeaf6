import { expect, test } from '@jest/globals';
import {
  ConfigError,
  HttpStream,
  SelectiveAuthenticator,
  TokenAuthenticator,
  type JsonObject,
  type Policy,
} from '@headwater/core';
import { collect, mockApi } from '@headwater/testing';
import { quick } from '../http/quick.ts';
import { get, sentBy } from './setup.ts';

const custom: Policy = (next) => (request) => next({ ...request, headers: { ...request.headers, 'x-own': 'policy' } });

test('makes only what the config asks for, an authenticator or a policy', async () => {
  const made: string[] = [];
  const choose = (value: string) =>
    new SelectiveAuthenticator(value, {
      token: () => (made.push('token'), new TokenAuthenticator('a-chosen-token')),
      own: () => (made.push('own'), custom),
    });

  const chosen = choose('token');
  expect((await sentBy(chosen, get('http://a.test'))).headers).toEqual({ authorization: 'Bearer a-chosen-token' });
  expect((await sentBy(chosen, get('http://a.test'))).headers).toEqual({ authorization: 'Bearer a-chosen-token' });
  expect((await sentBy(choose('own'), get('http://a.test'))).headers).toEqual({ 'x-own': 'policy' });
  expect(made).toEqual(['token', 'own']);
});

test.each([
  ['tokn', '"tokn" is unknown'],
  ['toString', '"toString" is unknown'],
  [undefined as unknown as string, 'none is given'],
])('names the known values for %s', (value, said) => {
  const authenticator = new SelectiveAuthenticator(value, { token: () => custom, oauth: () => custom });

  expect(() => authenticator.authenticate(() => Promise.reject())).toThrow(ConfigError);
  expect(() => authenticator.authenticate(() => Promise.reject())).toThrow(`${said}. Known: "token", "oauth".`);
});

test('serves a stream by a field of its config', async () => {
  await using api = await mockApi();
  api.on('GET /items', { body: [{ id: 1 }] });
  class Items extends HttpStream<JsonObject, { readonly url: string; readonly how: string }> {
    override readonly urlBase = this.config.url;
    override readonly recordsPath = '$[*]';
    override readonly authenticator = new SelectiveAuthenticator(this.config.how, {
      token: () => new TokenAuthenticator('a-token-for-a-stream'),
    });
    path() {
      return 'items';
    }
  }
  const itemsBy = (how: string) => new Items({ config: { url: api.url, how }, http: { retry: quick } });

  expect(await collect(itemsBy('token'))).toEqual([{ id: 1 }]);
  expect(api.requests[0]!.headers.authorization).toBe('Bearer a-token-for-a-stream');
});
