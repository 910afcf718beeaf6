import { expect, test } from '@jest/globals';
import { createHash, createHmac } from 'node:crypto';
import { AwsAuthenticator, ConfigError, type HttpRequest } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { clientWith, get, handClock, sentBy } from './setup.ts';

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const clock = handClock(Date.UTC(2015, 7, 30, 12, 36, 0));
const example = (service: string) => new AwsAuthenticator({ ...KEYS, region: 'us-east-1', service, clock });

test('signs the examples of AWS as AWS does', async () => {
  const vanilla = await sentBy(example('service'), get('https://example.amazonaws.com/'));
  const listUsers = await sentBy(
    example('iam'),
    get('https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08', {
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', accept: 'text/xml' },
    }),
  );

  expect(vanilla.headers).toEqual({
    'x-amz-date': '20150830T123600Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, ' +
      'Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  });
  expect(listUsers.headers['authorization']).toMatch(
    /SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7$/,
  );
});

const hex = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** The signature as the documentation of AWS describes it, from a request as the server received it. */
const recomputed = (
  { method, url, headers, body = '' }: HttpRequest,
  { region, service, host }: { readonly region: string; readonly service: string; readonly host: string },
): string => {
  const signed = /SignedHeaders=([^,]+)/.exec(headers['authorization'] ?? '')?.[1] ?? '';
  const { pathname, search } = new URL(url);
  const path = service === 's3' ? pathname : pathname.split('/').map(encode).join('/');
  const query = search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split('=').map((part) => encode(decodeURIComponent(part))) as [string, string?])
    .map(([name, value = '']) => `${name}=${value}`)
    .toSorted()
    .join('&');
  const lines = signed.split(';').map((name) => `${name}:${name === 'host' ? host : headers[name]!.trim()}\n`);
  const canonical = [method, path, query, lines.join(''), signed, hex(body)].join('\n');
  const time = headers['x-amz-date']!;
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${KEYS.secretAccessKey}`, day));
  return hmac(key, ['AWS4-HMAC-SHA256', time, scope, hex(canonical)].join('\n')).toString('hex');
};

test.each([
  ['execute-api', 'GET', '/v1/items/a%20b/c', '?b=2&a=1&a=0&empty=&t=x+y&plus=%2B&odd=!%27()*', undefined],
  ['s3', 'PUT', '/bucket/key%20with+plus/x', '?partNumber=1', 'bytes of it'],
  ['dynamodb', 'POST', '/', '', '{"TableName":"ä"}'],
] as const)('signs what the server receives: %s', async (service, method, path, query, body) => {
  await using api = await mockApi();
  api.reply(200, 'in');
  const region = 'eu-central-1';
  const authenticator = new AwsAuthenticator({ ...KEYS, sessionToken: 'a-session-token', region, service });
  const send = clientWith(authenticator, { trace: {} });

  await send(get(`${api.url}${path}${query}`, { method, ...(body !== undefined && { body }) }));

  const [received] = api.requests;
  const headers = received!.headers as Record<string, string>;
  const text = received!.query.toString();
  const request = {
    method,
    url: `${api.url}${received!.path}?${text.replaceAll('+', '%20')}`,
    headers,
    body: received!.body,
  };
  const wanted = recomputed(request, { region, service, host: headers['host']! });
  expect(headers['authorization']).toContain(`Signature=${wanted}`);
  expect(headers['authorization']).toMatch(/SignedHeaders=\S*host;\S*x-amz-date;x-amz-security-token,/);
  expect(headers['x-amz-security-token']).toBe('a-session-token');
  // Trace headers are there, and not signed.
  expect(headers['traceparent']).toBeDefined();
  expect(headers['authorization']).not.toContain('traceparent');
});

test('signs each attempt anew', async () => {
  await using api = await mockApi();
  api.reply(503).reply(200);
  const now = handClock();
  const authenticator = new AwsAuthenticator({ ...KEYS, region: 'r', service: 's', clock: now });

  await clientWith(authenticator, { retry: { clock: now, backoff: () => 5000 } })(get(`${api.url}/a`));

  expect(api.requests.map(({ headers }) => headers['x-amz-date'])).toEqual(['20260101T000000Z', '20260101T000005Z']);
});

test('says which of its options is missing', () => {
  const without = new AwsAuthenticator({ ...KEYS, secretAccessKey: '', region: 'r', service: 's' });

  expect(() => without.authenticate(() => Promise.reject())).toThrow(ConfigError);
  expect(() => without.authenticate(() => Promise.reject())).toThrow(/secretAccessKey of AwsAuthenticator is empty/);
});
