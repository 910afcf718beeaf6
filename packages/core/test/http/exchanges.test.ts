import { expect, test } from '@jest/globals';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createClient } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { listenToExchanges, type Exchange } from '../../src/http/exchanges.ts';
import { quick } from './quick.ts';

const get = (url: string) => ({ method: 'GET', url, headers: {}, sender: { stream: 'orders' } });

test('tells every attempt to all that listen', async () => {
  await using api = await mockApi();
  api.reply(503).reply(200, []);
  const seen: (number | undefined)[][] = [[], []];
  const stops = seen.map((list) => listenToExchanges(({ response }) => void list.push(response?.status)));

  await createClient({ retry: quick })(get(api.url));
  for (const stop of stops) stop();

  expect(seen).toEqual([
    [503, 200],
    [503, 200],
  ]);
});

test('tells who knows only the name of the channel', async () => {
  await using api = await mockApi();
  api.reply(200, []);
  const seen: Exchange[] = [];
  const hear = (message: unknown) => void seen.push(message as Exchange);
  subscribe('headwater:exchange', hear);

  await createClient({ retry: quick })(get(`${api.url}/orders`));
  unsubscribe('headwater:exchange', hear);

  expect(seen).toMatchObject([{ request: { sender: { stream: 'orders' } }, response: { status: 200 } }]);
});

test('tells of an attempt without an answer what was thrown', async () => {
  await using api = await mockApi();
  api.reply({ fault: { kind: 'reset' } });
  const seen: Exchange[] = [];
  const stop = listenToExchanges((exchange) => void seen.push(exchange));

  await expect(createClient({ retry: { ...quick, attempts: 1 } })(get(api.url))).rejects.toThrow();
  stop();

  expect(seen).toHaveLength(1);
  expect(seen[0]?.error).toBeInstanceOf(Error);
  expect(seen[0]).not.toHaveProperty('response');
});

test('tells nothing to a listener that has stopped', async () => {
  await using api = await mockApi();
  api.reply(200, []);
  const seen: Exchange[] = [];
  listenToExchanges((exchange) => void seen.push(exchange))();

  await createClient({ retry: quick })(get(api.url));

  expect(api.requests).toHaveLength(1);
  expect(seen).toEqual([]);
});
