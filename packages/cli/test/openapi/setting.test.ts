import { expect, test } from '@jest/globals';

import { answers, api, failureOf, ITEM, list, planOf } from './descriptions.ts';
import { expectSound } from './invariants.ts';

const things = answers(list(ITEM));
const BEARER = { type: 'http', scheme: 'bearer' };
const BASIC = { type: 'http', scheme: 'basic' };
const KEY = { type: 'apiKey', in: 'header', name: 'X-Key' };
const OAUTH = {
  type: 'oauth2',
  flows: {
    authorizationCode: { authorizationUrl: 'https://acme.test/consent', tokenUrl: '/token', scopes: {} },
    clientCredentials: { tokenUrl: 'https://acme.test/machine', scopes: {} },
  },
};
const code = { type: 'oauth2', flows: { authorizationCode: OAUTH.flows.authorizationCode } };

test.each([
  ['a bearer token before all others', { basic: BASIC, key: KEY, bearer: BEARER }, { kind: 'bearer' }],
  ['a key before OAuth', { oauth: OAUTH, key: KEY }, { kind: 'api-key', in: 'header', name: 'X-Key' }],
  ['a key in the query', { key: { ...KEY, in: 'query', name: 'key' } }, { kind: 'api-key', in: 'query', name: 'key' }],
  [
    'another word than Bearer',
    { key: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'Send `Token <key>`.' } },
    { kind: 'bearer', scheme: 'Token' },
  ],
  [
    'OAuth for machines',
    { oauth: OAUTH, basic: BASIC },
    { kind: 'oauth2', grant: 'client_credentials', tokenUrl: 'https://acme.test/machine' },
  ],
  [
    'OAuth with the consent of a person',
    { code, basic: BASIC },
    {
      kind: 'oauth2',
      grant: 'refresh_token',
      tokenUrl: 'https://api.acme.test/token',
      consentUrl: 'https://acme.test/consent',
    },
  ],
  [
    'an access token for a flow without a token endpoint',
    { implicit: { type: 'oauth2', flows: { implicit: {} } } },
    { kind: 'bearer' },
  ],
  ['user name and password', { basic: BASIC }, { kind: 'basic' }],
  ['nothing that it knows', { cookie: { ...KEY, in: 'cookie' } }, { kind: 'none' }],
])('signs with %s', async (_, securitySchemes, auth) => {
  const found = await planOf(api({ '/things': things }, { components: { securitySchemes } }));
  expectSound(found);
  expect(found.plan.auth).toEqual(auth);
  expect(found.plan.guesses.filter(({ about }) => about === 'auth')).toHaveLength(1);
});

test('signs as the operations ask, and tells what else they need', async () => {
  const { plan } = await planOf(
    api(
      { '/things': { ...things, security: [{ code: ['things:read'] }, { basic: [], key: [] }] } },
      { components: { securitySchemes: { bearer: BEARER, code, basic: BASIC, key: KEY } }, security: [{ bearer: [] }] },
    ),
  );
  expect(plan.auth).toEqual({ kind: 'api-key', in: 'header', name: 'X-Key' });
  expect(plan.guesses).toContainEqual({
    about: 'auth',
    decided: 'only "key" is sent',
    because: 'The API asks for basic as well: add it in the code.',
  });
});

test('asks for the scopes of the operations', async () => {
  const { plan } = await planOf(
    api(
      { '/things': { ...things, security: [{ code: ['things:read'] }] } },
      { components: { securitySchemes: { code } } },
    ),
  );
  expect(plan.auth).toMatchObject({ kind: 'oauth2', scopes: ['things:read'] });
});

test('understands Swagger 2', async () => {
  const found = await planOf({
    swagger: '2.0',
    info: { title: 'Old Acme' },
    host: 'old.acme.test',
    basePath: '/v1/',
    securityDefinitions: { oauth: { type: 'oauth2', flow: 'application', tokenUrl: 'https://old.acme.test/token' } },
    definitions: {
      Thing: {
        type: 'object',
        properties: { id: { type: 'string', 'x-nullable': true }, self: { $ref: '#/definitions/Thing' } },
      },
    },
    paths: {
      '/things': {
        parameters: [{ name: 'limit', in: 'query', type: 'integer', maximum: 20 }],
        get: {
          parameters: [{ name: 'offset', in: 'query', type: 'integer' }],
          responses: { 200: { schema: { type: 'array', items: { $ref: '#/definitions/Thing' } } } },
        },
      },
    },
  });
  expectSound(found);
  expect(found.plan).toMatchObject({
    title: 'Old Acme',
    baseUrl: 'https://old.acme.test/v1',
    auth: { kind: 'oauth2', grant: 'client_credentials', tokenUrl: 'https://old.acme.test/token' },
    streams: [{ name: 'things', pagination: { kind: 'offset', options: { limit: 20 } } }],
  });
});

test.each([
  ['a server', [{ url: 'https://acme.test/v1/' }], 'https://acme.test/v1', '/things', []],
  [
    'the first that is no test server',
    [{ url: 'http://localhost:1/' }, { url: 'https://acme.test' }],
    'https://acme.test',
    '/things',
    [],
  ],
  [
    'defaults of variables',
    [
      {
        url: 'https://{region}.acme.test:{port}/{version}',
        variables: { region: { default: 'eu' }, port: { enum: ['8443'] }, version: { default: 'v3' } },
      },
    ],
    'https://eu.acme.test:8443/v3',
    '/things',
    [],
  ],
  [
    'a part of the path that differs',
    [{ url: 'https://acme.test/api/{tenantId}/v1' }],
    'https://acme.test/api',
    '/{tenantId}/v1/things',
    ['tenant_id'],
  ],
  ['no host', [{ url: '/api' }], 'https://api.example.com/api', '/things', []],
  ['no server', [], 'https://api.example.com', '/things', []],
])('finds the base URL of %s', async (_, servers, baseUrl, path, config) => {
  const found = await planOf(api({ '/things': things }, { servers }));
  expectSound(found);
  expect(found.plan).toMatchObject({ baseUrl, streams: [{ path }] });
  expect(found.plan.config.map(({ name }) => name)).toEqual(config);
});

test('leaves out operations at another server', async () => {
  const { plan, leftOut } = await planOf(
    api({
      '/things': things,
      '/others': things,
      '/uploads': { ...things, servers: [{ url: 'https://up.acme.test' }] },
    }),
  );
  expect(plan.streams.map(({ name }) => name)).toEqual(['things', 'others']);
  expect(leftOut).toEqual([{ path: '/uploads', because: 'it is at another server than the others' }]);
});

test('lets the caller say where the API is and how to sign', async () => {
  const { plan } = await planOf(api({ '/things': things }), {
    baseUrl: 'http://127.0.0.1:9/x/',
    auth: { kind: 'basic' },
  });
  expect(plan).toMatchObject({ baseUrl: 'http://127.0.0.1:9/x', auth: { kind: 'basic' } });
});

test.each([
  [
    'another kind of document',
    { asyncapi: '3.0.0' },
    'no OpenAPI description: it has no member "openapi" or "swagger", but asyncapi.',
  ],
  ['an older version', { swagger: '1.2', paths: {} }, 'OpenAPI 1.2 is not known.'],
  ['no paths', { openapi: '3.1.0', webhooks: {} }, 'the description has no "paths"'],
  ['no GET', { openapi: '3.1.0', paths: {} }, 'the description has no GET'],
  [
    'no list',
    api({ '/me': answers(ITEM) }),
    'none of its 1 GETs answers a list of objects.\n  GET /me: it answers one object, no list',
  ],
  ['malformed JSON', '{\n  "openapi": 3.0.0\n}', 'openapi.json:2:14: not valid JSON: unexpected "3".'],
])('refuses %s', async (_, description, message) => {
  expect(await failureOf(description)).toContain(message);
});

test('names the line of malformed YAML', async () => {
  const message = await failureOf('openapi: 3.0.0\npaths:\n  /a: [\n', {}, 'openapi.yaml');
  expect(message).toMatch(/openapi\.yaml:4:1: not valid YAML: .+ Correct the description there\.$/);
});

test('refuses a web page', async () => {
  expect(await failureOf('<!doctype html><p>Docs</p>', {}, 'page.html')).toContain('This is a web page.');
});
