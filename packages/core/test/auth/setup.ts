import {
  createClient,
  type Authenticator,
  type Clock,
  type HttpOptions,
  type HttpRequest,
  type Policy,
} from '@headwater/core';
import { quick } from '../http/quick.ts';

/** A client with an authenticator, its retries not waiting. */
export const clientWith = (authenticator: Authenticator | Policy, options: HttpOptions = {}) =>
  createClient({ retry: quick, ...options, authenticator });

export const get = (url: string, rest: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers: {},
  sender: {},
  ...rest,
});

/** A clock that stands still but for sleeping, which takes no time. */
export const handClock = (start = Date.UTC(2026, 0, 1)): Clock & { time: number; readonly waits: number[] } => ({
  time: start,
  waits: [],
  now() {
    return this.time;
  },
  async sleep(milliseconds, signal) {
    signal?.throwIfAborted();
    this.waits.push(milliseconds);
    this.time += milliseconds;
  },
});

/** Takes what an authenticator sends down, without a server. */
export const sentBy = async (authenticator: Authenticator, request: HttpRequest): Promise<HttpRequest> => {
  let sent: HttpRequest | undefined;
  await authenticator.authenticate(async (passed) => {
    sent = passed;
    return { request: passed, status: 200, headers: {}, url: passed.url, bytes: new Uint8Array(0) };
  })(request);
  if (!sent) throw new Error('Nothing was sent.');
  return sent;
};
