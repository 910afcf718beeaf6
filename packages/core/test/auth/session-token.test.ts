import { expect, test } from '@jest/globals';
import {
  ConnectorError,
  AuthError,
  SessionTokenAuthenticator,
  type SessionTokenOptions,
  type TokenSource,
} from '@headwater/core';
import { mockApi, type Reply } from '@headwater/testing';
import { listenToExchanges, type Exchange } from '../../src/http/exchanges.ts';
import { harEntry } from '../../src/http/har.ts';
import { redact } from '../../src/output/redact.ts';
import { quick } from '../http/quick.ts';
import { clientWith, get, handClock } from './setup.ts';

/** An API with sessions: `POST /login` opens one, `GET /a` wants the last one opened. */
const sessions = async (answer: (token: string) => Reply = (token) => ({ body: { data: { token } } })) => {
  const api = await mockApi();
  let opened = 0;
  let valid = '';
  api.on('POST /login', () => answer((valid = `session-token-${++opened}`)));
  api.on('GET /a', ({ headers, query }) => {
    const shown = String(headers.authorization ?? headers.cookie ?? headers['x-session'] ?? query.get('sid') ?? '');
    return shown.endsWith(valid) && valid !== '' ? { body: shown } : { status: 401, body: { message: 'no session' } };
  });
  return {
    api,
    end: () => void (valid = ''),
    logins: () => api.requests.filter(({ path }) => path === '/login'),
    session: (options: Partial<SessionTokenOptions> = {}) =>
      new SessionTokenAuthenticator({
        login: { url: `${api.url}/login`, body: { user: 'me', password: 'a-login-password' } },
        token: { json: 'data.token' },
        http: { retry: quick },
        ...options,
      }),
    [Symbol.asyncDispose]: () => api.close(),
  };
};

const bodyOf = ({ bytes }: { readonly bytes: Uint8Array }): string => Buffer.from(bytes).toString();

test.each<[TokenSource, (token: string) => Reply]>([
  [{ json: 'data.0.token' }, (token) => ({ body: { data: [{ token }] } })],
  [{ header: 'X-Token' }, (token) => ({ headers: { 'x-token': token } })],
  [
    { cookie: 'SID' },
    (token) => ({ headers: { 'set-cookie': ['a=1; Path=/', `SID=${token}; Expires=Wed, 01 Jan 2031 00:00:00 GMT`] } }),
  ],
])('takes the token from %j and keeps it', async (token, answer) => {
  await using server = await sessions(answer);
  const send = clientWith(server.session({ token }));

  expect(bodyOf(await send(get(`${server.api.url}/a`)))).toBe('Bearer session-token-1');
  expect(bodyOf(await send(get(`${server.api.url}/a`)))).toBe('Bearer session-token-1');

  const [login] = server.logins();
  expect(login!.body).toBe('{"user":"me","password":"a-login-password"}');
  expect(login!.headers['content-type']).toBe('application/json');
  expect(server.api.requests).toHaveLength(3);
});

test.each([
  [{ header: 'X-Session' }, 'session-token-1'],
  [{ query: 'sid' }, 'session-token-1'],
  [{ cookie: 'sid' }, 'sid=session-token-1'],
])('carries the token in %j', async (place, shown) => {
  await using server = await sessions();

  expect(bodyOf(await clientWith(server.session({ place }))(get(`${server.api.url}/a`)))).toBe(shown);
});

test('takes a cookie that is set on a redirect of the login, and logs in with a form', async () => {
  await using api = await mockApi();
  api.on('POST /login', { status: 302, headers: { location: '/home', 'set-cookie': 'SID=cookie-of-a-hop' } });
  api.on('GET /home', { body: 'welcome' });
  api.on('GET /a', ({ headers }) => ({ body: headers.cookie }));
  const session = new SessionTokenAuthenticator({
    login: { url: `${api.url}/login`, body: new URLSearchParams({ user: 'me & you' }) },
    token: { cookie: 'SID' },
    place: { cookie: 'SID' },
  });

  expect(bodyOf(await clientWith(session)(get(`${api.url}/a`)))).toBe('SID=cookie-of-a-hop');
  expect(api.requests[0]!.body).toBe('user=me+%26+you');
  expect(api.requests[1]!.headers.cookie).toBe('SID=cookie-of-a-hop');
});

test('logs in once for fifty requests at the same time, and once more when all are refused', async () => {
  await using server = await sessions();
  const send = clientWith(server.session());
  const fifty = () => Promise.all(Array.from({ length: 50 }, () => send(get(`${server.api.url}/a`))));

  await fifty();
  expect(server.logins()).toHaveLength(1);
  server.end();
  const answers = await fifty();

  expect(new Set(answers.map(bodyOf))).toEqual(new Set(['Bearer session-token-2']));
  expect(server.logins()).toHaveLength(2);
});

test('logs in anew once a token has lived long enough', async () => {
  await using server = await sessions();
  const clock = handClock();
  const send = clientWith(server.session({ lifetime: 60_000, clock }));

  await send(get(`${server.api.url}/a`));
  clock.time += 59_999;
  await send(get(`${server.api.url}/a`));
  expect(server.logins()).toHaveLength(1);
  clock.time += 1;
  await send(get(`${server.api.url}/a`));

  expect(server.logins()).toHaveLength(2);
});

test('fails when the new token is refused too', async () => {
  await using server = await sessions();
  const send = clientWith(server.session({ token: { json: 'data.token' }, place: { header: 'X-Other' } }));

  const failed = await send(get(`${server.api.url}/a`)).catch((error: unknown) => error);

  expect(failed).toMatchObject({ status: 401, failureType: 'config_error' });
  expect(server.api.requests.map(({ path }) => path)).toEqual(['/login', '/a', '/login', '/a']);
});

test('logs in anew when a rule of the stream says so, once a request', async () => {
  await using api = await mockApi();
  let logins = 0;
  api.on('POST /login', () => ({ body: { token: `token-by-rule-${++logins}` } }));
  api.on('GET /a', { status: 403 }, { status: 503 }, { status: 200 });
  const session = new SessionTokenAuthenticator({ login: { url: `${api.url}/login` }, token: { json: 'token' } });

  await clientWith(session, { retry: { ...quick, rules: [{ status: 403, verdict: 'refresh-token' }] } })(
    get(`${api.url}/a`),
  );

  const sent = api.requests.filter(({ path }) => path === '/a').map(({ headers }) => headers.authorization);
  expect(sent).toEqual(['Bearer token-by-rule-1', 'Bearer token-by-rule-2', 'Bearer token-by-rule-2']);
  expect(logins).toBe(2);
});

test.each([400, 401, 403, 422])('blames the config when the login is answered with %i', async (status) => {
  await using server = await sessions(() => ({ status, body: { message: 'unknown user' } }));

  const failed = await clientWith(server.session())(get(`${server.api.url}/a`)).catch((error: unknown) => error);

  expect(failed).toBeInstanceOf(AuthError);
  expect(failed).toMatchObject({ failureType: 'config_error' });
  expect(String(failed)).toMatch(/\/login \(login\) was answered with .*"unknown user"\. The login was refused\./);
  expect(server.api.requests).toHaveLength(1);
});

test('tries a login again that fails for a moment', async () => {
  await using api = await mockApi();
  api.on('POST /login', { status: 503 }, { fault: { kind: 'reset' } }, { body: { token: 'token-at-last' } });
  api.on('GET /a', ({ headers }) => ({ body: headers.authorization }));
  const session = new SessionTokenAuthenticator({
    login: { url: `${api.url}/login` },
    token: { json: 'token' },
    http: { retry: quick },
  });

  expect(bodyOf(await clientWith(session)(get(`${api.url}/a`)))).toBe('Bearer token-at-last');
});

test('says where it looked for the token when the answer has none', async () => {
  await using server = await sessions(() => ({ body: 'not even JSON' }));

  const failed = await clientWith(server.session())(get(`${server.api.url}/a`)).catch((error: unknown) => error);

  expect(failed).toBeInstanceOf(ConnectorError);
  expect(String(failed)).toContain('was answered with 200, but without a token: there is no json "data.token"');
});

test('lets the others go on when the request that logs in is given up', async () => {
  await using server = await sessions();
  const send = clientWith(server.session());
  const giveUp = new AbortController();
  server.api.on('POST /login', { fault: { kind: 'stall' } }, { body: { data: { token: 'x' } } });

  const first = send(get(`${server.api.url}/a`, { signal: giveUp.signal }));
  const second = send(get(`${server.api.url}/login-only`)).catch((error: unknown) => error);
  while (server.logins().length === 0) await new Promise((resolve) => setImmediate(resolve));
  giveUp.abort(new Error('not needed any more'));

  await expect(first).rejects.toThrow('not needed any more');
  await second;
  expect(server.logins()).toHaveLength(2);
  expect(server.api.requests.at(-1)!.headers.authorization).toBe('Bearer x');
});

test('hides the token from everything that is written down, the answer to the login too', async () => {
  await using server = await sessions();
  const seen: string[] = [];
  const stop = listenToExchanges((exchange: Exchange) => void seen.push(JSON.stringify(harEntry(exchange))));
  try {
    await clientWith(server.session())(get(`${server.api.url}/a`));
  } finally {
    stop();
  }

  expect(seen).toHaveLength(2);
  expect(seen.join()).not.toContain('session-token-1');
  expect(redact('session-token-1')).toBe('****');
});
