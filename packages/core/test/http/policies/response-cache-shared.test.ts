import { expect, test } from '@jest/globals';
import { BodyError, type HttpRequest } from '@headwater/core';
import { temporaryFolder } from '@headwater/testing';
import type { Send } from '../../../src/http/types.ts';
import { cacheOn, countingApi, get, textOf } from './response-cache-setup.ts';

test('makes one call for identical requests at the same time', async () => {
  await using folder = await temporaryFolder();
  await using api = await countingApi();
  const { send, hits } = cacheOn(folder.path);
  const requests = Array.from({ length: 50 }, (_, index) =>
    get(api, '/x', { headers: { 'x-request-id': `${index}` } }),
  );

  const answers = await Promise.all(requests.map((request) => send(request)));

  expect(api.requests).toHaveLength(1);
  expect(answers.map(textOf)).toEqual(requests.map(() => '{"n":1}'));
  expect(answers.map(({ request }) => request)).toEqual(requests);
  expect(hits).toEqual(Array.from({ length: 49 }, () => 'shared'));
});

/** An API that answers its requests when the test says so; the signal of each ends it. */
const heldWire = () => {
  const calls: { readonly answer: () => void }[] = [];
  const wire: Send = (request) =>
    new Promise((resolve, reject) => {
      request.signal?.addEventListener('abort', () => reject(request.signal?.reason as Error));
      const bytes = Buffer.from(`answer ${calls.length + 1}`);
      calls.push({ answer: () => resolve({ request, status: 200, headers: {}, url: request.url, bytes }) });
    });
  const until = async (count: number) => {
    while (calls.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  return { wire, calls, until };
};

const request = (signal?: AbortSignal): HttpRequest => ({
  method: 'GET',
  url: 'http://api.test/x',
  headers: {},
  ...(signal && { signal }),
});

test('lets a follower take over when the one who asks is aborted', async () => {
  await using folder = await temporaryFolder();
  const { wire, calls, until } = heldWire();
  const { send } = cacheOn(folder.path, {}, wire);
  const stop = new AbortController();
  const leader = send(request(stop.signal));
  await until(1);
  const followers = [send(request()), send(request(new AbortController().signal)), send(request())];
  stop.abort(new Error('enough'));
  await expect(leader).rejects.toThrow('enough');
  await until(2);
  calls[1]?.answer();

  expect((await Promise.all(followers)).map(textOf)).toEqual(['answer 2', 'answer 2', 'answer 2']);
  expect(calls).toHaveLength(2);
});

test('ends an aborted follower at once and no other', async () => {
  await using folder = await temporaryFolder();
  const { wire, calls, until } = heldWire();
  const { send } = cacheOn(folder.path, {}, wire);
  const stop = new AbortController();
  const leader = send(request());
  await until(1);
  const follower = send(request(stop.signal));
  const other = send(request());
  stop.abort(new Error('enough'));

  await expect(follower).rejects.toThrow('enough');
  calls[0]?.answer();
  expect([await leader, await other].map(textOf)).toEqual(['answer 1', 'answer 1']);
});

test('gives a failure to all who wait for it, and asks again after', async () => {
  await using folder = await temporaryFolder();
  let calls = 0;
  const { send } = cacheOn(folder.path, {}, async (sent) => {
    if (++calls === 1) throw new BodyError('broken.');
    return { request: sent, status: 200, headers: {}, url: sent.url, bytes: Buffer.from('whole') };
  });

  const outcomes = await Promise.allSettled([send(request()), send(request()), send(request())]);

  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(calls).toBe(1);
  expect(await send(request()).then(textOf)).toBe('whole');
});
