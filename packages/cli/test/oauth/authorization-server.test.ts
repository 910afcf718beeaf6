import { expect, test } from '@jest/globals';
import { mockApi } from '@headwater/testing';

import { oauthSpec } from './connector.ts';
import { contextOf } from './context.ts';

const SPEC = oauthSpec({ authorizationUrl: 'https://auth.test/auth', tokenUrl: 'https://auth.test/token' });

test('asks the issuer for its endpoints, with OpenID or without', async () => {
  await using api = await mockApi();
  api.on('GET /tenant/.well-known/openid-configuration', { status: 404 });
  api.on('GET /.well-known/oauth-authorization-server/tenant', {
    body: {
      issuer: `${api.url}/tenant`,
      authorization_endpoint: `${api.url}/a`,
      token_endpoint: `${api.url}/t`,
      device_authorization_endpoint: `${api.url}/d`,
    },
  });
  const options = { issuer: `${api.url}/tenant`, tokenUrl: `${api.url}/mine` };
  const { context } = await contextOf(SPEC, options);
  expect(context.server).toMatchObject({
    authorization: { url: `${api.url}/a`, template: false },
    token: { url: `${api.url}/mine`, template: false },
    device: { url: `${api.url}/d` },
  });
});

test('does not trust an issuer that calls itself something else', async () => {
  await using api = await mockApi();
  api.reply(200, { issuer: 'https://somebody.test' });
  await expect(contextOf(SPEC, { issuer: api.url })).rejects.toThrow(
    `--issuer ${api.url}/: the server calls itself something else.`,
  );
});
