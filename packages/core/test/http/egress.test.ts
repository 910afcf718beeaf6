import { expect, test } from '@jest/globals';
import { lookup } from 'node:dns';
import { once } from 'node:events';
import { get as connect } from 'node:http';
import { NetworkError, type HttpRequest } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { EgressError } from '../../src/errors.ts';
import { openAgents } from '../../src/http/agents.ts';
import { openEgressGuard } from '../../src/http/egress.ts';
import { gotWire } from '../../src/http/wire.ts';
import { testProxy } from './test-proxy.ts';
import { thrownBy, withEnvironment } from './thrown-by.ts';

const get = (url: string): HttpRequest => ({ method: 'GET', url, headers: {} });

test.each([
  '127.0.0.1',
  '127.8.9.10',
  '0.0.0.0',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '198.18.0.1',
  '192.0.2.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '[::]',
  '[::1]',
  '[::7f00:1]',
  '[fe80::1]',
  '[fc00::1]',
  '[fd12:3456::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[::ffff:8.8.8.8]',
  '[::ffff:10.0.0.1]',
  '[2001:db8::1]',
  '[2002:7f00:1::]',
  '[64:ff9b::10.0.0.1]',
  '[64:ff9b:1::8.8.8.8]',
  'localhost',
  'LOCALHOST.',
  'api.localhost',
])('refuses %s', async (host) => {
  const guard = await openEgressGuard();

  expect(() => guard.check(host)).toThrow(EgressError);
});

test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '[2606:4700::1111]', '[64:ff9b::8.8.8.8]', 'api.example.com'])(
  'allows %s',
  async (host) => {
    const guard = await openEgressGuard();

    expect(guard.check(host)).toBeUndefined();
  },
);

test.each(['0x7f.1', '2130706433', '127.1', '0177.0.0.1', '[::ffff:127.0.0.1]', '[0:0:0:0:0:0:0:1]'])(
  'refuses a request to %s, however it is written',
  async (host) => {
    const error = await thrownBy(gotWire({ egress: 'public' })(get(`http://${host}:1/a`)));

    expect(error).toBeInstanceOf(EgressError);
    expect(error).toMatchObject({ failureType: 'config_error' });
  },
);

test.each([true, false])('refuses a name with a private address, asked for all of them: %s', async (all) => {
  const guard = await openEgressGuard();

  const error = await new Promise((resolve) => guard.lookup('localhost', { all }, resolve));

  expect(error).toBeInstanceOf(EgressError);
  expect(String(error)).toMatch(/localhost has the loopback address (127\.0\.0\.1|::1)/);
});

test.each([true, false])('resolves a public address as Node does, asked for all of them: %s', async (all) => {
  const guard = await openEgressGuard();
  const answer = (resolve: typeof lookup) =>
    new Promise((done) => resolve('8.8.8.8', { all: all as true }, (...results) => done(results)));

  expect(await answer(guard.lookup as typeof lookup)).toEqual(await answer(lookup));
});

test('checks the address that a connection is really made to', async () => {
  await using api = await mockApi();
  const { direct } = await openAgents({ egress: 'public' }, 0);

  // Past the check of the host, as a name would come that looks harmless.
  const sent = connect(api.url.replace('127.0.0.1', 'localhost'), { agent: direct.http });
  const [error] = await once(sent, 'error');

  expect(error).toBeInstanceOf(EgressError);
  expect(api.requests).toEqual([]);
});

test('lets everything through when nobody asked for the guard', async () => {
  await using api = await mockApi();
  api.on('GET /a', { body: 'read' });

  for (const HEADWATER_EGRESS of [undefined, '', 'any']) {
    await withEnvironment({ HEADWATER_EGRESS }, () => gotWire()(get(`${api.url}/a`)));
  }
  expect(api.requests).toHaveLength(3);
});

test('reads HEADWATER_EGRESS once a wire and names the request it refuses', async () => {
  await using api = await mockApi();
  const send = gotWire();

  const refused = () => thrownBy(send(get(`${api.url}/a`)));
  const error = await withEnvironment({ HEADWATER_EGRESS: 'public' }, refused);

  expect(error).toBeInstanceOf(EgressError);
  expect(String(error)).toContain(`GET ${api.url}/a: 127.0.0.1 is a loopback address`);
  expect(await refused()).toBeInstanceOf(EgressError);
  expect(api.requests).toEqual([]);
});

test('refuses a value of HEADWATER_EGRESS it does not know', async () => {
  const send = () => thrownBy(gotWire()(get('http://127.0.0.1:1')));
  const error = await withEnvironment({ HEADWATER_EGRESS: 'privat' }, send);

  expect(error).toBeInstanceOf(NetworkError);
  expect(error).toMatchObject({ failureType: 'config_error', message: expect.stringContaining('Known: public, any.') });
});

test('refuses a redirect to a private address, directly and by way of a proxy', async () => {
  await using api = await mockApi();
  await using proxy = await testProxy({ target: Number(new URL(api.url).port) });
  const port = new URL(api.url).port;
  api.on('GET /a', { status: 302, headers: { location: `http://127.0.0.1:${port}/secret` } });
  api.on('GET /metadata', { status: 302, headers: { location: 'http://169.254.169.254/latest' } });
  const environment = {
    HEADWATER_EGRESS: 'public',
    HTTP_PROXY: proxy.url,
    http_proxy: undefined,
    NO_PROXY: '127.0.0.1',
    no_proxy: undefined,
  };

  for (const path of ['a', 'metadata']) {
    const send = () => thrownBy(gotWire()(get(`http://api.example.com/${path}`)));
    expect(await withEnvironment(environment, send)).toBeInstanceOf(EgressError);
  }
  expect(api.requests.map(({ path }) => path)).toEqual(['/a', '/metadata']);
});

test('lets the environment name a private proxy, but not an option', async () => {
  await using api = await mockApi();
  await using proxy = await testProxy({ target: Number(new URL(api.url).port) });
  api.on('GET /a', { body: 'read' });

  const optional = gotWire({ egress: 'public', proxy: proxy.url })(get('http://api.example.com/a'));
  expect(await thrownBy(optional)).toBeInstanceOf(EgressError);

  const environment = { HTTP_PROXY: proxy.url, http_proxy: undefined, NO_PROXY: undefined, no_proxy: undefined };
  await withEnvironment(environment, () => gotWire({ egress: 'public' })(get('http://api.example.com/a')));
  expect(proxy.asked).toEqual(['GET http://api.example.com/a']);
});
