import { HttpStatusError, RateLimitError } from '../errors.ts';
import { describeAnswer, describeRequest } from './describe.ts';
import type { HttpRequest, WireResponse } from './types.ts';
import type { Judgement } from './verdict.ts';

/** What the API said, as a sentence. */
export const saidOf = (request: HttpRequest, response: WireResponse, times = ''): string =>
  `${describeRequest(request)} was answered${times} with ${describeAnswer(response)}.`;

/** The error of an answer that ends the work, after so many attempts. */
export const refusal = (
  request: HttpRequest,
  response: WireResponse,
  { verdict, failureType, remedy }: Judgement,
  attempts: number,
): Error => {
  const text = saidOf(request, response, attempts > 1 ? ` ${attempts} times` : '');
  const message = remedy === '' ? text : `${text} ${remedy}`;
  if (verdict === 'rate-limited' && failureType === 'transient_error') return new RateLimitError(message);
  return new HttpStatusError(message, response.status, failureType);
};

/** The error of a wait that is longer than allowed. */
export const tooLong = (request: HttpRequest, wait: number, maxWait: number): RateLimitError =>
  new RateLimitError(
    `${describeRequest(request)}: the API asks to wait ${seconds(wait)} s, longer than the ${seconds(maxWait)} s allowed ` +
      `(retry.maxWait). Run the sync again after that.`,
  );

/** The error of rate limits that, taken together, lasted longer than allowed. */
export const budgetSpent = (request: HttpRequest, rateLimitTime: number): RateLimitError =>
  new RateLimitError(
    `${describeRequest(request)}: the API has limited this one request for ${seconds(rateLimitTime)} s in all ` +
      `(retry.rateLimitTime). Run the sync again later or ask the provider for a higher limit.`,
  );

const seconds = (milliseconds: number): number => Math.round(milliseconds / 1000);
