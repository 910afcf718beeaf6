import { expect, test } from '@jest/globals';
import {
  ApiKeyAuthenticator,
  AwsAuthenticator,
  BasicHttpAuthenticator,
  DigestAuthenticator,
  HmacAuthenticator,
  HttpConnections,
  JwtAuthenticator,
  MultipleTokenAuthenticator,
  NetworkError,
  SelectiveAuthenticator,
  SessionTokenAuthenticator,
  TokenAuthenticator,
  type Authenticator,
} from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { clientWith, get } from './setup.ts';

const SECRET = 'a-secret-of-home';
const AWS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET, sessionToken: `${SECRET}-token` };

/** What a request has without a credential; the last one is in the query. */
const BARE = ['accept-encoding', 'connection', 'host', 'user-agent', 'digest'];

/** Each authenticator, made for an API at `url`. */
const AUTHENTICATORS: Readonly<Record<string, (url: string) => Authenticator>> = {
  token: () => new TokenAuthenticator(SECRET),
  'token in a header of its own': () => new TokenAuthenticator({ token: SECRET, header: 'X-Token' }),
  basic: () => new BasicHttpAuthenticator({ username: 'me', password: SECRET }),
  'key in a header': () => new ApiKeyAuthenticator({ header: 'X-API-Key', key: SECRET }),
  'key in the query': () => new ApiKeyAuthenticator({ query: 'api_key', key: SECRET }),
  'key in a cookie': () => new ApiKeyAuthenticator({ cookie: 'key', key: SECRET }),
  'several tokens': () => new MultipleTokenAuthenticator([SECRET, `${SECRET}-2`]),
  session: (url) =>
    new SessionTokenAuthenticator({
      login: { url: `${url}/login` },
      token: { json: 'token' },
      place: { cookie: 'sid' },
    }),
  jwt: () => new JwtAuthenticator({ algorithm: 'HS256', key: SECRET.repeat(3), place: { header: 'X-JWT' } }),
  hmac: () =>
    new HmacAuthenticator({ secret: SECRET, sign: ({ path }) => path, headers: () => ({ 'X-Key': `${SECRET}-id` }) }),
  aws: () => new AwsAuthenticator({ ...AWS, region: 'eu-central-1', service: 'execute-api' }),
  digest: () => new DigestAuthenticator({ username: 'me', password: SECRET }),
  selective: () => new SelectiveAuthenticator('one', { one: () => new TokenAuthenticator(SECRET) }),
};

const twoOrigins = async (status = 302) => {
  const home = await mockApi();
  const away = await mockApi();
  home.on('POST /login', { body: { token: SECRET } });
  const to = { status, headers: { location: `${away.url}/there` } };
  const challenge = { status: 401, headers: { 'www-authenticate': 'Digest realm="r", nonce="n", qop="auth"' } };
  home.on('GET /a', ({ headers, query }) => (query.has('digest') && !headers.authorization ? challenge : to));
  home.on('POST /a', to);
  away.on('GET /there', { body: 'there' });
  away.on('POST /there', { body: 'there' });
  return {
    home,
    away,
    async [Symbol.asyncDispose]() {
      await home.close();
      await away.close();
    },
  };
};

test.each(Object.keys(AUTHENTICATORS))('keeps at home on a redirect to another origin: %s', async (name) => {
  await using api = await twoOrigins();
  const authenticator = AUTHENTICATORS[name]!(api.home.url);

  await clientWith(authenticator)(get(`${api.home.url}/a${name === 'digest' ? '?digest' : ''}`));

  const [last] = api.home.requests.slice(-1);
  const [there] = api.away.requests;
  // The credential was there, and did not come along.
  const extra = [...Object.keys(last!.headers), ...last!.query.keys()].filter((key) => !BARE.includes(key));
  expect(extra).not.toEqual([]);
  expect(Object.keys(there!.headers).toSorted()).toEqual(BARE.filter((key) => key !== 'digest'));
  expect(there!.query.size).toBe(0);
  expect(there!.body).toBe('');
});

test.each([307, 308])('does not send a key in a body along a %i to another origin', async (status) => {
  await using api = await twoOrigins(status);
  const post = get(`${api.home.url}/a`, { method: 'POST' });

  for (const place of [{ form: 'key' }, { json: 'key' }]) {
    const sending = clientWith(new ApiKeyAuthenticator({ ...place, key: SECRET }))(post);
    await expect(sending).rejects.toThrow(NetworkError);
    await expect(sending).rejects.toThrow(/a request whose body holds a credential/);
  }
  expect(api.home.requests).toHaveLength(2);
  expect(api.away.requests).toEqual([]);
});

test('does not send it along from a connection that streams either', async () => {
  await using api = await twoOrigins(307);
  const auth = new ApiKeyAuthenticator({ json: 'key', key: SECRET });
  await using connections = new HttpConnections({ crm: { baseUrl: api.home.url, auth } });

  await expect(connections.get('crm').stream('a', { method: 'POST' })).rejects.toThrow(/body holds a credential/);
  expect(api.away.requests).toEqual([]);
});

test('sends a key in a body along a redirect within the origin', async () => {
  await using api = await mockApi();
  api.on('POST /a', { status: 307, headers: { location: '/b' } });
  api.on('POST /b', { body: 'ok' });

  await clientWith(new ApiKeyAuthenticator({ json: 'key', key: SECRET }))(get(`${api.url}/a`, { method: 'POST' }));

  expect(api.requests[1]!.body).toBe(`{"key":"${SECRET}"}`);
});

test('gives no key to a login that moved elsewhere', async () => {
  await using api = await twoOrigins(307);
  const session = new SessionTokenAuthenticator({
    login: { url: `${api.home.url}/a`, body: { password: SECRET } },
    token: { json: 'token' },
  });

  await expect(clientWith(session)(get(`${api.home.url}/b`))).rejects.toThrow(/body holds a credential/);
  expect(api.away.requests).toEqual([]);
});
