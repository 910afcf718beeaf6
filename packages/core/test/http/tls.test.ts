import { expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { temporaryFolder } from '@headwater/testing';
import { InputFileError, NetworkError, type HttpRequest } from '@headwater/core';
import { gotWire } from '../../src/http/wire.ts';
import { silentLogger } from '../../src/output/logger.ts';
import { authority, selfSigned } from './certificates.ts';
import { thrownBy, withEnvironment } from './thrown-by.ts';
import { httpsServer, started } from './tls-server.ts';

const get = (url: string, sender: HttpRequest['sender'] = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers: {},
  sender,
});
const textOf = ({ bytes }: { readonly bytes: Uint8Array }): string => Buffer.from(bytes).toString();
const YEAR = 365 * 86_400_000;

test('says that a certificate is self-signed, as a config error with the remedy', async () => {
  await using server = await httpsServer(await selfSigned());

  const error = await thrownBy(gotWire()(get(server.url)));

  expect(error).toBeInstanceOf(NetworkError);
  expect(error).toMatchObject({ failureType: 'config_error' });
  expect(String(error)).toMatch(/GET https:\/\/localhost:\d+: the server's certificate is self-signed.*http\.tls\.ca/);
});

test('says that a certificate has expired', async () => {
  const ca = await authority();
  const expired = { from: new Date(Date.now() - 2 * YEAR), until: new Date(Date.now() - YEAR) };
  await using server = await httpsServer(await ca.issue(expired));

  await expect(gotWire({ tls: { ca: ca.cert } })(get(server.url))).rejects.toMatchObject({
    failureType: 'config_error',
    message: expect.stringContaining('has expired'),
  });
});

test('says that a certificate is for another host', async () => {
  const ca = await authority();
  await using server = await httpsServer(await ca.issue({ name: 'other.example.com' }));

  await expect(gotWire({ tls: { ca: ca.cert } })(get(server.url))).rejects.toMatchObject({
    failureType: 'config_error',
    message: expect.stringContaining('is for another host name'),
  });
});

test('says that a certificate is from an unknown authority', async () => {
  await using server = await httpsServer(await (await authority()).issue());

  await expect(gotWire()(get(server.url))).rejects.toMatchObject({
    failureType: 'config_error',
    message: expect.stringMatching(/cannot be verified|from an unknown authority/),
  });
});

test('says that a server speaks no TLS', async () => {
  await using server = await started(createServer((_request, response) => response.end()));

  await expect(gotWire()(get(`https://127.0.0.1:${server.port}/`))).rejects.toMatchObject({
    failureType: 'config_error',
    message: expect.stringContaining('does not speak TLS'),
  });
});

test('accepts an own authority as a text, a list and a file', async () => {
  await using folder = await temporaryFolder();
  const ca = await authority();
  const file = join(folder.path, 'ca.pem');
  await writeFile(file, ca.cert);
  await using server = await httpsServer(await ca.issue());

  for (const given of [ca.cert, [(await authority()).cert, ca.cert], file]) {
    expect(textOf(await gotWire({ tls: { ca: given } })(get(server.url)))).toBe('hello');
  }
});

test('trusts what Node trusts besides the own authority', async () => {
  await using folder = await temporaryFolder();
  const [own, extra] = [await authority(), await authority()];
  await writeFile(join(folder.path, 'extra.pem'), extra.cert);
  await using server = await httpsServer(await extra.issue());

  // Node 22.15 and later report what was set when the process began, and are asked instead of the variable.
  const isAsked = 'getCACertificates' in tls;
  await withEnvironment({ NODE_EXTRA_CA_CERTS: join(folder.path, 'extra.pem') }, async () => {
    const sent = gotWire({ tls: { ca: own.cert } })(get(server.url));
    if (isAsked) await expect(sent).rejects.toThrow(NetworkError);
    else expect(textOf(await sent)).toBe('hello');
  });
});

test('shows its certificate to a server that asks for one', async () => {
  const ca = await authority();
  const [mine, theirs] = [await ca.issue({ name: 'connector' }), await ca.issue()];
  await using server = await httpsServer(
    { ...theirs, ca: ca.cert, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      const { subject } = (request.socket as tls.TLSSocket).getPeerCertificate();
      response.end(subject.CN);
    },
  );

  expect(textOf(await gotWire({ tls: { ca: ca.cert, ...mine } })(get(server.url)))).toBe('connector');
});

test('says that a server turns it down without a certificate', async () => {
  const ca = await authority();
  await using server = await httpsServer({
    ...(await ca.issue()),
    ca: ca.cert,
    requestCert: true,
    rejectUnauthorized: true,
    // With TLS 1.3 the refusal may be overtaken by the end of the connection.
    maxVersion: 'TLSv1.2',
  });

  await expect(gotWire({ tls: { ca: ca.cert } })(get(server.url))).rejects.toMatchObject({
    failureType: 'config_error',
    message: expect.stringContaining('Give the client certificate it asks for (http.tls.cert and http.tls.key)'),
  });
});

test('connects to any server with rejectUnauthorized off, and warns once', async () => {
  await using server = await httpsServer(await selfSigned());
  const warnings: string[] = [];
  const log = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  const send = gotWire({ tls: { rejectUnauthorized: false } });

  await send(get(server.url, { log }));
  expect(textOf(await send(get(server.url, { log })))).toBe('hello');

  expect(warnings).toEqual([expect.stringContaining('http.tls.rejectUnauthorized is false')]);
});

test('says which file cannot be read', async () => {
  const error = await thrownBy(gotWire({ tls: { ca: '/no/such/ca.pem' } })(get('https://localhost:1')));

  expect(error).toBeInstanceOf(InputFileError);
  expect(String(error)).toContain('http.tls.ca: cannot read /no/such/ca.pem');
});

test('says that a key does not belong to its certificate', async () => {
  const [one, other] = [await selfSigned(), await selfSigned()];

  const error = await thrownBy(gotWire({ tls: { cert: one.cert, key: other.key } })(get('https://localhost:1')));

  expect(error).toBeInstanceOf(InputFileError);
  expect(String(error)).toContain('http.tls: the certificates and the key cannot be used');
});
