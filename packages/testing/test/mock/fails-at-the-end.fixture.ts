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
