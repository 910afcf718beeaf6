import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { headwater, ROOT } from '../headwater.ts';
import { CommandError } from '../../src/command-error.ts';
import { login, type LoginOptions } from '../../src/oauth/login.ts';
import { oauthConnector, oauthSpec, quickConnector } from './connector.ts';
import { PAGE, startLogin } from './start-login.ts';

const server = { authorizationUrl: 'https://auth.test/auth', tokenUrl: 'https://auth.test/token' };
const config = { credentials: { client_id: 'me' } };
const OPTIONS = { port: 0, device: false, browser: false, timeout: 10, debug: false };
const without = (key: string) => {
  const { advanced_auth: auth, ...spec } = oauthSpec(server);
  const { [key]: _, ...section } = auth.oauth_config_specification as { [key: string]: object };
  return { ...spec, advanced_auth: { ...auth, oauth_config_specification: section } };
};

test('shows an example in its help', () => {
  const { status, stdout } = headwater(ROOT, 'oauth', 'login', '--help');
  expect(stdout).toContain('headwater oauth login dist/main.js --config config.json');
  expect(stdout).toContain('HEADWATER_OAUTH_CLIENT_SECRET');
  expect(status).toBe(0);
});

test.each([
  ['no config', [], "error: required option '--config <file>' not specified"],
  ['a port that is none', ['--config', 'c', '--port', '70000'], 'Expected a whole number from 0 to 65535.'],
  ['no time', ['--config', 'c', '--timeout', '0'], 'Expected a whole number from 1 to 86400.'],
  ['a port for a device', ['--config', 'c', '--device', '--port', '1'], "'--port <n>' cannot be used with option"],
])('exits with 2 on %s', (_, args, message) => {
  const { status, stdout, stderr } = headwater(ROOT, 'oauth', 'login', ...args);
  expect(stderr).toContain(message);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});

test.each<[string, object, unknown, Partial<LoginOptions> & { connector?: string }, string]>([
  [
    'no connector',
    oauthSpec(server),
    config,
    { connector: 'main.js' },
    'main.js: there is no such file. Build the connector',
  ],
  ['no advanced_auth', { connectionSpecification: {} }, config, {}, 'the spec declares no "advanced_auth"'],
  [
    'no place for tokens',
    without('complete_oauth_output_specification'),
    config,
    {},
    'complete_oauth_output_specification names no property with a "path_in_connector_config"',
  ],
  [
    'no consent URL',
    without('oauth_connector_input_specification'),
    config,
    { tokenUrl: 'https://auth.test/token' },
    'Add oauth_connector_input_specification.consent_url to the spec, or give --authorization-url or --issuer.',
  ],
  [
    'no client id',
    oauthSpec(server),
    {},
    {},
    'config.json: there is no client id: put it at credentials.client_id, or',
  ],
  ['a malformed config', oauthSpec(server), '{\n  "secret": secret }', {}, 'config.json:2:13: not valid JSON.'],
  ['a config that is no object', oauthSpec(server), '[]', {}, 'config.json: expected a JSON object'],
  [
    'another way to authenticate',
    oauthSpec(server),
    { credentials: { client_id: 'me', auth_type: 'api_key' } },
    {},
    'config.json, credentials.auth_type: is "api_key", but a login is for "oauth2.0". Change it first.',
  ],
  [
    'a place that cannot hold tokens',
    oauthSpec(server),
    { credentials: 'none' },
    { clientId: { value: 'me', written: 'me' } },
    'config.json, credentials: expected an object, in which credentials.access_token can be put.',
  ],
  [
    'a URL without https',
    oauthSpec(server),
    config,
    { tokenUrl: 'http://auth.test/token' },
    '--token-url: "http://auth.test/token" is not https.',
  ],
  ['an issuer that is no URL', oauthSpec(server), config, { issuer: 'auth' }, '--issuer: "auth" is no URL.'],
  [
    'an issuer that cannot be reached',
    oauthSpec(server),
    config,
    { issuer: 'http://127.0.0.1:1' },
    '--issuer http://127.0.0.1:1/ cannot be reached',
  ],
])('stops at %s', async (_, spec, written, { connector = '', ...options }, message) => {
  await using place = await quickConnector(spec, written);
  const run = login(join(place.root, connector), { ...OPTIONS, config: join(place.root, 'config.json'), ...options });
  await expect(run).rejects.toThrow(CommandError);
  await expect(run).rejects.toThrow(message);
});

test('exits with 1 when the connector fails, with what it says', async () => {
  await using place = await oauthConnector({}, config);
  const { status, stdout, stderr } = headwater(place.root, 'oauth', 'login', '--config', 'config.json');
  expect(stderr).toMatch(/^dist.main\.js: `spec` ended with 1: .*needs a member "connectionSpecification"/);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
});

test('opens the page in a browser of the desktop', async () => {
  await using place = await quickConnector(oauthSpec(server), config);
  const seen = join(place.root, 'seen');
  for (const name of ['open', 'xdg-open']) {
    const script = join(place.root, name);
    await writeFile(script, `#!/bin/sh\nprintf %s "$1" > "${seen}.new"\n/bin/mv "${seen}.new" "${seen}"\n`);
    await chmod(script, 0o755);
  }
  await using command = startLogin(place.root, [], { PATH: place.root });
  const page = await command.says(PAGE);
  const read = () => readFile(seen, 'utf8').catch(() => undefined);
  let opened = await read();
  while (opened === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    opened = await read();
  }
  expect(opened).toBe(page);
});

test('does not mind that there is no browser', async () => {
  await using place = await quickConnector(oauthSpec(server), config);
  await using command = startLogin(place.root, [], {});
  const { searchParams } = new URL(await command.says(PAGE));
  await fetch(`${searchParams.get('redirect_uri')}?error=access_denied&state=${searchParams.get('state')}`);
  expect(await command.ended).toMatchObject({ status: 1, stderr: expect.stringContaining('The consent was denied.') });
});
