import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { createGunzip } from 'node:zlib';

import { expect, test } from '@jest/globals';
import { createClient } from '@headwater/core';

import { mockApi } from '../../src/mock-api.ts';

test('inflates to blanks and then the body', async () => {
  await using api = await mockApi();
  const size = 3 * 2 ** 20 + 17;
  api.reply({ body: { id: 1 }, fault: { kind: 'gzip-bomb', size } });

  const response = await fetch(api.url);

  expect(response.headers.get('content-encoding')).toBe('gzip');
  const text = await response.text();
  expect(text.length).toBe(size + '{"id":1}'.length);
  expect(JSON.parse(text)).toEqual({ id: 1 });
});

test('inflates a thousandfold and stops when the client leaves', async () => {
  await using api = await mockApi();
  api.reply({ fault: { kind: 'gzip-bomb' } }).reply(200, 'still here');

  const request = get(api.url, { agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let received = 0;
  let inflated = 0;
  response.on('data', (piece: Buffer) => (received += piece.length));
  for await (const piece of response.pipe(createGunzip())) {
    inflated += (piece as Buffer).length;
    if (inflated > 64 * 2 ** 20) break;
  }
  request.destroy();

  expect(response.headers['content-length']).toBeUndefined();
  expect(received).toBeLessThan(inflated / 100);
  expect(await (await fetch(api.url)).text()).toBe('still here');
});

test('is refused by the client of the kit', async () => {
  await using api = await mockApi();
  api.on('GET /', { body: { id: 1 }, fault: { kind: 'gzip-bomb', size: 64 * 2 ** 20 } });
  const send = createClient({ maxBodyBytes: 2 ** 20 });

  const sending = send({ method: 'GET', url: api.url, headers: {}, sender: {} });

  await expect(sending).rejects.toThrow(/the body is larger than 1048576 bytes/);
});
