import { strict as assert } from 'node:assert';

import type { HttpRequest, Policy, Send, Sender, WireResponse } from '@headwater/core';

import { registerTest, type TestOptions } from './test-runner.ts';

export interface PolicySuiteOptions extends TestOptions {
  /**
   * The request that the policy is tried with: one that it is meant for.
   *
   * @default GET https://api.example.com/v1/items?page=1
   */
  readonly request?: Pick<HttpRequest, 'method' | 'url'> & Partial<HttpRequest>;
}

/**
 * Registers the tests that every HTTP policy passes, whatever it does: it hands answers and errors on, changes no request
 * that it was given, loses neither the abort signal nor the sender, and serves many requests at once.
 *
 * @param name of the policy, for the names of the tests
 * @param makePolicy makes a new one for each test
 * @example
 * policySuite('signature', () => signature({ key: 'k' }));
 */
export const policySuite = (name: string, makePolicy: () => Policy, options: PolicySuiteOptions = {}): void => {
  const { testTimeout = 60_000, request: given } = options;
  const register = registerTest(options);
  const test = (title: string, body: () => Promise<void>) => register(`${name} ${title}`, body, testTimeout);
  const make = (extra: Partial<HttpRequest> = {}): HttpRequest =>
    frozen({
      method: 'GET',
      url: 'https://api.example.com/v1/items?page=1',
      ...given,
      headers: frozen({ accept: 'application/json', ...given?.headers }),
      ...extra,
    });

  test('hands on the answer', async () => {
    const send = makePolicy()(async (request) => answerTo(request, 200, 'the body'));

    const response = await send(make());

    assert.equal(response.status, 200, 'The status of a good answer is not the one that came.');
    assert.equal(Buffer.from(response.bytes).toString(), 'the body', 'The body is not the one that came.');
    assert.equal(response.headers['x-answer'], '1', 'A header of the answer is lost.');
  });

  test('sends the request at least once, to the same place', async () => {
    const sent: HttpRequest[] = [];
    const send = makePolicy()(async (request) => {
      sent.push(request);
      return answerTo(request);
    });

    await send(make());

    const [first] = sent;
    assert.ok(first, 'Nothing was sent: a policy calls next.');
    assert.equal(first.method, make().method, 'The method is another one.');
    assert.equal(new URL(first.url).origin, new URL(make().url).origin, 'The request goes to another host.');
    assert.equal(first.headers['accept'], make().headers['accept'], 'A header of the request is lost.');
  });

  test('hands on an error as it is', async () => {
    const error = new TypeError('no such thing');
    const send = makePolicy()(async () => {
      throw error;
    });

    const caught = await send(make()).then(
      () => undefined,
      (reason: unknown) => reason,
    );

    assert.ok(caught instanceof Error, 'The error that next threw is swallowed.');
    assert.ok(
      caught === error || causesOf(caught).includes(error),
      'The error is another one, and its cause is not the one that next threw.',
    );
  });

  test('keeps the abort signal', async () => {
    const { signal } = new AbortController();
    const sent = await sentBy(makePolicy(), make({ signal }));
    assert.ok(sent.signal, 'The request has lost its signal: copy it with { ...request }.');

    const aborted = new AbortController();
    const send = makePolicy()(waitForAbort);
    const pending = send(make({ signal: aborted.signal })).then(
      () => 'answered',
      () => 'ended',
    );
    aborted.abort(new Error('stop'));
    assert.equal(await pending, 'ended', 'An aborted request has to end with an error.');
  });

  test('keeps the sender', async () => {
    const sender: Sender = { label: 'stream "items"', stream: 'items' };

    const sent = await sentBy(makePolicy(), make({ sender }));

    assert.equal(sent.sender?.label, sender.label, 'The request has lost its sender: copy it with { ...request }.');
  });

  test('changes neither the request nor its headers', async () => {
    const request = make();
    const before = JSON.stringify(request);

    // Both are frozen: an assignment throws.
    await sentBy(makePolicy(), request);

    assert.equal(JSON.stringify(request), before, 'The request that was given is changed: pass on a changed copy.');
  });

  test('serves many requests at once, each with its own answer', async () => {
    const waiting: (() => void)[] = [];
    const send = makePolicy()(async (request) => {
      // Answered in the opposite order of arrival, as far as they come together.
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        setImmediate(() => waiting.pop()?.());
      });
      return answerTo(request, 200, request.url);
    });
    const urls = Array.from({ length: 8 }, (_, index) => `https://api.example.com/v1/items?page=${index}`);

    const answers = await Promise.all(urls.map((url) => send(make({ url }))));

    for (const [index, { bytes }] of answers.entries()) {
      const page = new URL(Buffer.from(bytes).toString()).searchParams.get('page');
      assert.equal(page, String(index), `The answer to request ${index} is that to request ${page}.`);
    }
  });
};

const sentBy = async (policy: Policy, request: HttpRequest): Promise<HttpRequest> => {
  const sent: HttpRequest[] = [];
  await policy(async (one) => {
    sent.push(one);
    return answerTo(one);
  })(request);
  const [first] = sent;
  assert.ok(first, 'Nothing was sent: a policy calls next.');
  return first;
};

const waitForAbort: Send = ({ signal }) =>
  new Promise((_, reject) => {
    const end = () => reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal === undefined) reject(new Error('The request has lost its signal: copy it with { ...request }.'));
    else if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });

const answerTo = (request: HttpRequest, status = 200, body = '{}'): WireResponse =>
  frozen({
    request,
    status,
    url: request.url,
    headers: frozen({ 'content-type': 'application/json', 'x-answer': '1' }),
    bytes: Buffer.from(body),
  });

const frozen = <T extends object>(value: T): T => Object.freeze(value);

const causesOf = (error: Error): unknown[] => {
  const causes: unknown[] = [];
  for (
    let cause = error.cause;
    cause !== undefined && causes.length < 10;
    cause = cause instanceof Error ? cause.cause : undefined
  ) {
    causes.push(cause);
  }
  return causes;
};
