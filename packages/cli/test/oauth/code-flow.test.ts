import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { oauthConnector, oauthSpec } from './connector.ts';
import { person } from './person.ts';
import { authorizationServer, CLIENT } from './provider.ts';
import { CLIENT_ENV, PAGE, startLogin } from './start-login.ts';

const configOf = async (root: string) => JSON.parse(await readFile(join(root, 'config.json'), 'utf8'));

test('writes a refresh token into the config that works at the token endpoint', async () => {
  await using server = await authorizationServer();
  await using place = await oauthConnector(
    oauthSpec(server),
    '{ "start": 12345678901234567890, "token": "${env:OTHER}" }',
  );
  await using command = startLogin(place.root, ['--no-browser', '--debug']);

  const page = await command.says(PAGE);
  const last = await person().consent(page);
  const { status, stdout, stderr } = await command.ended;

  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  expect(last.html).toContain('You are logged in');
  const text = await readFile(join(place.root, 'config.json'), 'utf8');
  expect(text).toContain('{ "start": 12345678901234567890, "token": "${env:OTHER}", "credentials": {');
  const { credentials } = await configOf(place.root);
  expect(credentials).toEqual({
    client_id: '${env:HEADWATER_OAUTH_CLIENT_ID}',
    client_secret: '${env:HEADWATER_OAUTH_CLIENT_SECRET}',
    auth_type: 'oauth2.0',
    access_token: expect.any(String),
    refresh_token: expect.any(String),
    token_expiry_date: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
  expect((await stat(join(place.root, 'config.json'))).mode & 0o777).toBe(0o600);
  expect((await server.refresh(credentials.refresh_token)).status).toBe(200);

  const url = new URL(page);
  expect(url.searchParams.get('code_challenge_method')).toBe('S256');
  expect(stderr).toContain(`debug: POST ${server.tokenUrl} answered with status 200`);
  for (const secret of [credentials.access_token, credentials.refresh_token, CLIENT.secret, 'code=']) {
    expect(stderr).not.toContain(secret);
  }
});

test('takes client and endpoints from the command line, the config and the issuer', async () => {
  await using server = await authorizationServer();
  const elsewhere = { authorizationUrl: 'https://auth.invalid/auth', tokenUrl: 'https://auth.invalid/token' };
  await using place = await oauthConnector(oauthSpec(elsewhere), {
    credentials: { auth_type: 'oauth2.0', client_secret: '${env:THE_SECRET}', refresh_token: '${env:OLD}' },
  });
  await using command = startLogin(
    place.root,
    ['dist/main.js', '--client-id', CLIENT.id, '--issuer', server.issuer, '--scope', 'openid', '--no-browser'],
    { THE_SECRET: CLIENT.secret },
  );

  const page = await command.says(PAGE);
  expect(new URL(page).searchParams.get('scope')).toBe('openid');
  await person().consent(page);
  const { status, stderr } = await command.ended;

  expect(status).toBe(0);
  expect(stderr).toContain('credentials.refresh_token was a reference. It holds the value itself now.');
  const { credentials } = await configOf(place.root);
  expect(credentials).toMatchObject({ client_id: CLIENT.id, client_secret: '${env:THE_SECRET}' });
  expect((await server.refresh(credentials.refresh_token)).status).toBe(200);
});

test('tells that consent was denied, and leaves the config alone', async () => {
  await using server = await authorizationServer();
  await using place = await oauthConnector(oauthSpec(server), { kept: true });
  await using command = startLogin(place.root, ['--no-browser']);

  const last = await person().deny(await command.says(PAGE));
  const { status, stderr } = await command.ended;

  expect(status).toBe(1);
  expect(stderr).toContain(
    `${server.authorizationUrl} answered access_denied (End-User aborted interaction). The consent was denied.`,
  );
  expect(last.html).toContain('The login has failed');
  expect(await readFile(join(place.root, 'config.json'), 'utf8')).toBe('{"kept":true}');
  expect(server.tokenRequests).toEqual([]);
});

test('ignores an answer with another state and waits for its own', async () => {
  await using server = await authorizationServer();
  await using place = await oauthConnector(oauthSpec(server));
  await using command = startLogin(place.root, ['--no-browser']);
  const page = await command.says(PAGE);
  const redirect = new URL(page).searchParams.get('redirect_uri');

  const forged = await fetch(`${redirect}?code=stolen&state=guessed`);
  expect(forged.status).toBe(400);
  expect(await forged.text()).toContain('does not belong to the login');
  await command.says(/another state was ignored/);
  expect(server.tokenRequests).toEqual([]);

  await person().consent(page);
  expect((await command.ended).status).toBe(0);
});

test('ends when nobody answers in time', async () => {
  await using server = await authorizationServer();
  await using place = await oauthConnector(oauthSpec(server));
  await using command = startLogin(place.root, ['--no-browser', '--timeout', '1']);

  const { status, stderr } = await command.ended;

  expect(status).toBe(1);
  expect(stderr).toContain('The login was not finished within 1 s. Run the command again');
  await expect(stat(join(place.root, 'config.json'))).rejects.toThrow('ENOENT');
});

test('says in words why the server refuses the code, without the secret', async () => {
  await using server = await authorizationServer();
  await using place = await oauthConnector(oauthSpec(server));
  const env = { ...CLIENT_ENV, HEADWATER_OAUTH_CLIENT_SECRET: 'not the secret' };
  await using command = startLogin(place.root, ['--no-browser'], env);

  const last = await person().consent(await command.says(PAGE));
  const { status, stderr } = await command.ended;

  expect(status).toBe(1);
  expect(stderr).toContain(`${server.tokenUrl} answered invalid_client`);
  expect(stderr).toContain('Check client id and secret, and try --client-auth.');
  expect(stderr).not.toContain('not the secret');
  expect(last.html).toContain('The login has failed');
});
