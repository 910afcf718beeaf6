import { expect, test } from '@jest/globals';
import type { TLSSocket } from 'node:tls';
import { createClient } from '@headwater/core';
import { temporaryFolder } from '@headwater/testing';
import { authority } from '../certificates.ts';
import { httpsServer } from '../tls-server.ts';

test('never shares an answer between two client certificates', async () => {
  const ca = await authority();
  await using folder = await temporaryFolder();
  let asked = 0;
  await using server = await httpsServer(
    { ...(await ca.issue()), ca: ca.cert, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      asked++;
      response.end((request.socket as TLSSocket).getPeerCertificate().subject.CN);
    },
  );
  const [alice, bob] = [await ca.issue({ name: 'alice' }), await ca.issue({ name: 'bob' })];
  const file = await folder.write('bob.pem', bob.cert);
  const clients = [alice, { ...bob, cert: file }, { ...bob, cert: file }, alice].map((mine) =>
    createClient({ tls: { ca: ca.cert, ...mine }, cache: { directory: folder.path } }),
  );

  const answers: string[] = [];
  for (const send of clients) {
    const { bytes } = await send({ method: 'GET', url: `${server.url}/me`, headers: {} });
    answers.push(Buffer.from(bytes).toString());
  }

  expect(answers).toEqual(['alice', 'bob', 'bob', 'alice']);
  expect(asked).toBe(2);
});
