import { test } from '@jest/globals';

import { mockApi } from '../../src/mock-api.ts';

test('leaves a reply', async () => {
  await using api = await mockApi();
  api.reply(200);
});

test('fails and leaves a reply', async () => {
  await using api = await mockApi();
  api.reply(200);
  throw new Error('the own error of the test');
});

test('passes', async () => {
  await using api = await mockApi();
  api.reply(200);
  await fetch(api.url);
});

test('leaves a reply in each of two APIs', async () => {
  await using first = await mockApi({ seed: 11 });
  await using second = await mockApi({ seed: 22 });
  first.reply(201);
  second.reply(202);
});

test('passes after them', async () => {
  await using api = await mockApi();
  api.reply(200);
  await fetch(api.url);
});
