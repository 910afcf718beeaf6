import { stringifyJson, type HttpHeaders, type HttpRequest, type WireResponse } from '@headwater/core';
import { bytesOf } from './content.ts';
import type { Interaction } from './format.ts';

const YEAR_MS = 365 * 86_400_000;

/** An answer of a cassette as the wire would give it, but for waits, which are short, and tokens, which live long. */
export const replayedAnswer = ({ response }: Interaction, request: HttpRequest): WireResponse => {
  const { status, url = request.url, headers = {}, cookies = [], json } = response;
  request.cookies?.keep(url, cookies);
  const lasting = json !== undefined && isTokenAnswer(json, request) ? withLongLife(json, Date.now()) : undefined;
  const bytes =
    lasting === undefined ? bytesOf(response, `${request.method} ${request.url}`) : Buffer.from(stringifyJson(lasting));
  return { request, status, headers: withoutWaits(headers), url, bytes };
};

const isTokenAnswer = (json: unknown, request: HttpRequest): json is object =>
  typeof json === 'object' && json !== null && (request.secretBody === true || 'access_token' in json);

const NUMBER = /^\d+(?:\.\d+)?$/;
const WAIT = /^(?:retry-after|.*(?:reset|backoff|retry|wait).*)$/;
/** Milliseconds enough to be a wait at all: an API that asks for none is one in trouble. */
const SHORT = '0.001';

/** Nobody is to wait for an API that is not there. */
const withoutWaits = (headers: HttpHeaders): HttpHeaders =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (name === 'ratelimit') return [name, value.replace(/\b(t|reset)=\d+/g, '$1=0')];
      const isTime = NUMBER.test(value) || !Number.isNaN(Date.parse(value));
      return [name, WAIT.test(name) && isTime && value !== '0' ? SHORT : value];
    }),
  );

/** A JSON value with every expiry a year away, in the form it has. */
const withLongLife = (value: unknown, now: number, name = ''): unknown => {
  if (Array.isArray(value)) return value.map((item) => withLongLife(item, now));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withLongLife(item, now, key)]));
  }
  if (!/expir/i.test(name)) return value;
  if (typeof value === 'number') return later(value, now);
  if (typeof value !== 'string') return value;
  if (NUMBER.test(value)) return String(later(Number(value), now));
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return new Date(now + YEAR_MS).toISOString();
  return value;
};

const later = (value: number, now: number): number => {
  if (value >= 1e11) return now + YEAR_MS;
  return Math.floor((value >= 1e9 ? now + YEAR_MS : YEAR_MS) / 1000);
};
