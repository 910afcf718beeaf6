import { expect, test } from '@jest/globals';
import { mockApi, type MockApi } from '@headwater/testing';

import { codeFlow } from '../../src/oauth/code-flow.ts';
import { outputsOf } from '../../src/oauth/outputs.ts';
import type { JsonObject } from '../../src/types/read-document.ts';
import { oauthSpec } from './connector.ts';
import { contextOf } from './context.ts';
import { CLIENT } from './provider.ts';

const urls = ({ url }: MockApi) => ({ authorizationUrl: `${url}/auth`, tokenUrl: `${url}/token` });

/** Logs in with a browser that goes back at once, with a code under the name of the API. */
const loginTo = async (api: MockApi, input: object, changes: object = {}, code = 'code') => {
  let page = new URL(api.url);
  const browse = (url: URL) => {
    page = url;
    const back = new URL(url.searchParams.get('redirect_uri') ?? url.searchParams.get('callback') ?? '');
    back.search = new URLSearchParams({ [code]: 'the+code/=', state: url.searchParams.get('state') ?? '' }).toString();
    void fetch(back);
  };
  const { context, debugged } = await contextOf(oauthSpec(urls(api), input), {}, { browse, ...changes });
  let answer: JsonObject = {};
  await codeFlow(context, 0, async (taken) => void (answer = taken));
  return { answer, page, auth: context.auth, debugged };
};

const sentTo = (api: MockApi) => {
  const [request, ...more] = api.requests;
  expect(more).toEqual([]);
  if (!request) throw new Error('The token endpoint was not asked.');
  return request;
};

test('sends what a template has in the query of the token URL in the body', async () => {
  await using api = await mockApi();
  api.reply(200, { access_token: 'a', token_type: 'Bearer' });
  const access_token_url = `${api.url}/token?shop=acme&client_secret={{client_secret_value}}&code={{auth_code_value}}`;
  const { page, debugged } = await loginTo(api, { access_token_url, scope: 'one two' });

  const { query, body } = sentTo(api);
  expect([...query]).toEqual([]);
  expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
    grant_type: 'authorization_code',
    client_id: CLIENT.id,
    client_secret: CLIENT.secret,
    code: 'the+code/=',
    code_verifier: expect.stringMatching(/^[\w-]{43}$/),
    redirect_uri: page.searchParams.get('redirect_uri'),
    shop: 'acme',
  });
  expect(page.search).toContain('scope=one%20two');
  expect(debugged).toEqual([`POST ${api.url}/token answered with status 200`]);
});

test('calls parameters what the API calls them, and sends JSON where the spec says so', async () => {
  await using api = await mockApi();
  api.reply(200, { data: { access_token: 'a', refresh_token: 'r', expires_in: 60 }, code: 0 });
  const { answer, page, auth } = await loginTo(
    api,
    {
      consent_url: `${api.url}/auth?code_challenge={{ state_value | codechallengeS256 }}`,
      access_token_url: `${api.url}/{{ region }}/token`,
      access_token_headers: { 'Content-Type': 'application/json' },
      access_token_params: {
        '{{ auth_code_key }}': '{{ auth_code_value }}',
        code_verifier: '{{ state_value }}',
        a: 'b',
      },
      extract_output: ['data.access_token', 'data.refresh_token'],
      client_id_key: 'app_id',
      client_secret_key: 'secret',
      redirect_uri_key: 'callback',
      auth_code_key: 'auth_code',
      state: { min: 7, max: 24 },
    },
    { values: { region: 'eu' } },
    'auth_code',
  );

  expect(page.searchParams.get('app_id')).toBe(CLIENT.id);
  expect(page.searchParams.get('state')).toHaveLength(24);
  const { path, body, headers } = sentTo(api);
  expect(path).toBe('/eu/token');
  expect(headers['content-type']).toBe('application/json');
  const { code_verifier: verifier, ...sent } = JSON.parse(body);
  expect(sent).toEqual({
    grant_type: 'authorization_code',
    app_id: CLIENT.id,
    secret: CLIENT.secret,
    auth_code: 'the+code/=',
    callback: page.searchParams.get('callback'),
    a: 'b',
  });
  // A verifier that was seen in a URL would protect nothing.
  expect(verifier).not.toBe(page.searchParams.get('state'));
  expect(outputsOf(answer, auth, 0)).toEqual([
    { path: ['credentials', 'access_token'], value: 'a' },
    { path: ['credentials', 'refresh_token'], value: 'r' },
    { path: ['credentials', 'token_expiry_date'], value: '1970-01-01T00:01:00.000Z' },
  ]);
});

test.each([
  [
    'in a header of the spec',
    { access_token_headers: { Authorization: 'Basic {{ client_id_value | b64encode }}' } },
    {},
  ],
  ['in a basic header', {}, { clientAuth: 'basic' }],
])('sends the secret %s only', async (_, input, changes) => {
  await using api = await mockApi();
  api.reply(200, { access_token: 'a' });
  await loginTo(api, input, changes);

  const { headers, body } = sentTo(api);
  expect(headers.authorization).toMatch(/^Basic \S+$/);
  expect(body).not.toContain('client_secret');
});

test('does not repeat a secret that no header may have', async () => {
  await using api = await mockApi();
  const access_token_headers = { Authorization: 'Basic {{ client_secret_value }}' };
  await expect(loginTo(api, { access_token_headers }, { clientSecret: 'a\nb' })).rejects.toThrow(
    /^oauth_connector_input_specification\.access_token_headers\.Authorization: has characters that no header may have\.$/,
  );
  expect(api.requests).toEqual([]);
});

test('takes an error for an error even if its status is 200', async () => {
  await using api = await mockApi();
  api.reply(200, {
    error: 'bad_verification_code',
    error_description: `the+code/= is used, ${CLIENT.secret}\u001b[2J`,
  });

  await expect(loginTo(api, {})).rejects.toThrow(
    `${api.url}/token answered bad_verification_code (**** is used, **** [2J). See what the API says about it.`,
  );
});

test.each([
  ['no JSON', 'OK', 'as JSON'],
  ['no token', { token_type: 'bearer' }, '"access_token"'],
])('says what is wrong with an answer that is %s', async (_, body, message) => {
  await using api = await mockApi();
  api.reply(200, body);
  await expect(loginTo(api, {})).rejects.toThrow(`${api.url}/token`);
  api.reply(200, body);
  await expect(loginTo(api, {})).rejects.toThrow(message);
});

test('names the status of an answer that is no OAuth', async () => {
  await using api = await mockApi();
  api.reply(503, 'down');
  await expect(loginTo(api, {})).rejects.toThrow(`${api.url}/token answered with status 503. Is this the right URL?`);
});

test('does not let a consent URL refer to the secret', async () => {
  await using api = await mockApi();
  const consent_url = `${api.url}/auth?secret={{ client_secret_value }}`;
  await expect(loginTo(api, { consent_url })).rejects.toThrow('"client_secret_value" is not known here.');
  expect(api.requests).toEqual([]);
});

test.each([
  [undefined, 'one two'],
  ['comma', 'one,two'],
  ['plus', 'one+two'],
])('joins scopes by %s', async (scopes_join_strategy, scope) => {
  await using api = await mockApi();
  api.reply(200, { access_token: 'a' });
  const input = { scopes: [{ scope: 'one' }, { scope: 'two' }], scopes_join_strategy };
  expect((await loginTo(api, input)).page.searchParams.get('scope')).toBe(scope);
});
