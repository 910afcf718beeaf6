import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import { mockApi } from '@headwater/testing';

import { deviceFlow } from '../../src/oauth/device-flow.ts';
import { oauthConnector, oauthSpec } from './connector.ts';
import { contextOf } from './context.ts';
import { person } from './person.ts';
import { authorizationServer } from './provider.ts';
import { startLogin } from './start-login.ts';

const deviceCode = { device_code: 'the device code', user_code: 'ABCD', expires_in: 600 };

test('writes the tokens once the code has been entered in a browser', async () => {
  await using server = await authorizationServer();
  await using place = await oauthConnector(oauthSpec(server));
  await using command = startLogin(place.root, ['--device', '--device-url', server.deviceUrl, '--no-browser']);

  const code = await command.says(/enter the code (\S+)/);
  await person().enterCode(await command.says(/^(http\S+)\n\n/m), code);
  const { status, stdout, stderr } = await command.ended;

  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  const { credentials } = JSON.parse(await readFile(join(place.root, 'config.json'), 'utf8'));
  expect(stderr).not.toContain(credentials.refresh_token);
  expect((await server.refresh(credentials.refresh_token)).status).toBe(200);
});

test('asks again while the user has not decided, and tells when the user denies', async () => {
  await using server = await authorizationServer();
  const { context } = await contextOf(oauthSpec(server), { issuer: server.issuer });
  const { browse: _, ...rest } = context;
  let page = new URL('http://127.0.0.1');
  const waits: number[] = [];
  const wait = async (milliseconds: number) => {
    waits.push(milliseconds);
    if (waits.length === 2)
      await person().denyCode(page.origin + page.pathname, page.searchParams.get('user_code') ?? '');
  };

  const flow = deviceFlow({ ...rest, browse: (url) => (page = url) }, wait);

  await expect(flow).rejects.toThrow(`${server.tokenUrl} answered access_denied`);
  expect(waits).toEqual([5000, 5000]);
});

test('asks less often when the server says so', async () => {
  await using api = await mockApi();
  const verification_uri = `${api.url}/device`;
  api.reply(200, { ...deviceCode, verification_uri, interval: 2 });
  api.reply(400, { error: 'slow_down' }).reply(400, { error: 'authorization_pending' });
  api.reply(200, { access_token: 'a token', token_type: 'Bearer' });
  const server = { authorizationUrl: `${api.url}/auth`, tokenUrl: `${api.url}/token` };
  const { context } = await contextOf(oauthSpec(server), { deviceUrl: `${api.url}/device/auth` });
  const waits: number[] = [];

  const answer = await deviceFlow(context, async (milliseconds) => void waits.push(milliseconds));

  expect(answer).toEqual({ access_token: 'a token', token_type: 'Bearer' });
  expect(waits).toEqual([2000, 7000, 7000]);
});

test('ends when the code expires', async () => {
  await using api = await mockApi();
  api.reply(200, { ...deviceCode, verification_uri: `${api.url}/device`, expires_in: 600 });
  api.reply(400, { error: 'expired_token', error_description: 'the device code is too old' });
  const server = { authorizationUrl: `${api.url}/auth`, tokenUrl: `${api.url}/token` };
  const { context } = await contextOf(oauthSpec(server), { deviceUrl: `${api.url}/device/auth` });

  await expect(deviceFlow(context, async () => {})).rejects.toThrow(
    `${api.url}/token answered expired_token (**** is too old). The code was not entered in time.`,
  );
});

test('says which option is missing when the server is not known to take devices', async () => {
  const { context } = await contextOf(oauthSpec({ authorizationUrl: 'https://a.test', tokenUrl: 'https://a.test' }));
  await expect(deviceFlow(context)).rejects.toThrow('Give --device-url, or --issuer of a server that offers it.');
});
