import { expect, test } from '@jest/globals';

import { parseRoute } from '../src/route.ts';

test('gives the decoded parameters of a path', () => {
  const route = parseRoute('GET /v1/:owner/issues/:id');

  expect(route('GET', '/v1/m%C3%BCller/issues/7')).toEqual({ owner: 'müller', id: '7' });
  expect(route('GET', '/v1/50%/issues/7')).toEqual({ owner: '50%', id: '7' });
});

test.each([
  ['POST', '/v1/a'],
  ['GET', '/v1'],
  ['GET', '/v1/'],
  ['GET', '/v1/a/b'],
  ['GET', '/v2/a'],
])('is not for %s %s', (method, path) => {
  expect(parseRoute('GET /v1/:id')(method, path)).toBeUndefined();
});
