import { expect, test } from '@jest/globals';
import { circuitBreaker, cookieJar, type HttpRequest, type Policy } from '@headwater/core';

import { policySuite } from '../../src/suite/policy-suite.ts';

const transparent = (): Policy => (next) => next;

policySuite('a policy that does nothing', transparent);
policySuite('circuitBreaker', () => circuitBreaker());
policySuite('cookieJar', () => cookieJar());

/** The titles of the tests that a policy does not pass. */
const failures = async (makePolicy: () => Policy): Promise<string[]> => {
  const tests: { readonly title: string; readonly body: () => Promise<void> }[] = [];
  policySuite('p', makePolicy, { test: (title, body) => tests.push({ title, body }) });
  const failed: string[] = [];
  for (const { title, body } of tests) await body().catch(() => failed.push(title.slice(2)));
  return failed;
};

test('passes a policy that does nothing', async () => {
  expect(await failures(transparent)).toEqual([]);
});

const without = (request: HttpRequest, name: 'signal' | 'sender'): HttpRequest => {
  const copy = { ...request };
  delete copy[name];
  return copy;
};

const BROKEN: readonly (readonly [what: string, policy: Policy, expected: readonly string[]])[] = [
  ['loses the signal', (next) => async (request) => next(without(request, 'signal')), ['keeps the abort signal']],
  ['loses the sender', (next) => async (request) => next(without(request, 'sender')), ['keeps the sender']],
  [
    'changes the request',
    (next) => async (request) => next(Object.assign(request, { url: `${request.url}&x=1` })),
    [
      'hands on the answer',
      'sends the request at least once, to the same place',
      'hands on an error as it is',
      'keeps the abort signal',
      'keeps the sender',
      'changes neither the request nor its headers',
      'serves many requests at once, each with its own answer',
    ],
  ],
  [
    'swallows errors',
    (next) => async (request) =>
      next(request).catch(() => ({ request, status: 200, url: request.url, headers: {}, bytes: Buffer.from('{}') })),
    ['hands on an error as it is', 'keeps the abort signal'],
  ],
];

test.each(BROKEN)('refuses a policy that %s', async (_, policy, expected) => {
  expect(await failures(() => policy)).toEqual(expected);
});

test('refuses a policy that mixes up answers', async () => {
  const mixing = (): Policy => (next) => {
    let first: ReturnType<typeof next> | undefined;
    return (request) => (first ??= next(request));
  };

  expect(await failures(mixing)).toEqual(['serves many requests at once, each with its own answer']);
});
