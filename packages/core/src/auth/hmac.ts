import { createHmac, randomUUID } from 'node:crypto';
import { realClock, type Clock } from '../http/clock.ts';
import type { HttpHeaders, HttpRequest, Send } from '../http/types.ts';
import { withQuery, type QueryParams } from '../http/url.ts';
import type { Authenticator } from './authenticator.ts';
import { identified, type Identified } from './identified.ts';
import { withCredential, type CredentialPlace } from './place.ts';
import { hide, requireText } from './secret.ts';

/** What is new with each request. */
export interface HmacStamp {
  /** The time of signing: see `timestamp` of the options. */
  readonly timestamp: string;
  /** A random UUID. */
  readonly nonce: string;
}

/** A request as it will be sent, for the text that is signed. */
export interface HmacParts extends HmacStamp {
  /** In capitals. */
  readonly method: string;
  /** Absolute, with its query. */
  readonly url: string;
  /** With its port unless it is the usual one. */
  readonly host: string;
  /** Percent-encoded, beginning with a slash. */
  readonly path: string;
  /** As it is sent, without the question mark; empty for none. */
  readonly query: string;
  /** Names in lower case: those of the stream and of `headers`. */
  readonly headers: HttpHeaders;
  /** Empty for none. */
  readonly body: string | Uint8Array;
}

export interface HmacOptions {
  readonly secret: string;
  /**
   * How the secret is written.
   *
   * @default 'utf8'
   */
  readonly secretEncoding?: 'utf8' | 'base64' | 'hex';
  /**
   * The hash, by a name that Node knows.
   *
   * @default 'sha256'
   */
  readonly algorithm?: string;
  /** What is signed: one text (or bytes) out of the request. */
  readonly sign: (parts: HmacParts) => string | Uint8Array;
  /**
   * How the signature is written.
   *
   * @default 'hex'
   */
  readonly encoding?: 'hex' | 'base64' | 'base64url';
  /**
   * Where the signature goes.
   *
   * @default { header: 'X-Signature' }
   */
  readonly place?: CredentialPlace;
  /**
   * Headers added before it is signed, e.g. the id of the key, the timestamp, the nonce. With a cache, called
   * a second time with the time 0 and the nil UUID: what it gives then tells whose request it is.
   *
   * @default none
   */
  readonly headers?: (stamp: HmacStamp) => HttpHeaders;
  /**
   * Query parameters added before it is signed. With a cache, called a second time like `headers`.
   *
   * @default none
   */
  readonly params?: (stamp: HmacStamp) => QueryParams;
  /**
   * How the timestamp is written: a number since the epoch, or as ISO 8601 in UTC.
   *
   * @default 'seconds'
   */
  readonly timestamp?: 'seconds' | 'milliseconds' | 'iso';
  /** @default real time */
  readonly clock?: Clock;
}

/** RFC 9562, 5.9. */
const NIL_UUID = '00000000-0000-0000-0000-000000000000';

/**
 * Signs each request, and each attempt at it anew, with a secret shared with the API.
 *
 * It sees method, URL and body as they are sent. Cookies of a jar and trace headers are added later: do not sign them.
 *
 * @throws ConfigError when the secret is missing
 * @example
 * override readonly authenticator = new HmacAuthenticator({
 *   secret: this.config.secret,
 *   headers: ({ timestamp }) => ({ 'X-Key': this.config.key_id, 'X-Timestamp': timestamp }),
 *   sign: ({ timestamp, method, path, body }) => `${timestamp}${method}${path}${body}`,
 * });
 */
export class HmacAuthenticator implements Authenticator {
  readonly #options: HmacOptions;
  readonly #identified: Identified;

  constructor(options: HmacOptions) {
    const { secret, place, timestamp, headers, params } = options;
    const atRest: HmacStamp = { timestamp: writeTime(0, timestamp), nonce: NIL_UUID };
    this.#options = options;
    this.#identified = identified(() => ['hmac', secret, place, headers?.(atRest), params?.(atRest)]);
    hide(secret);
  }

  authenticate(next: Send): Send {
    requireText(this.#options.secret, 'The secret of HmacAuthenticator');
    return (request) => next(this.#signed(request));
  }

  #signed(request: HttpRequest): HttpRequest {
    const { secret, secretEncoding = 'utf8', algorithm = 'sha256', encoding = 'hex' } = this.#options;
    const { sign, place = { header: 'X-Signature' }, headers, params, timestamp, clock = realClock } = this.#options;
    const stamp: HmacStamp = { timestamp: writeTime(clock.now(), timestamp), nonce: randomUUID() };
    const added = Object.entries(headers?.(stamp) ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
    const stamped: HttpRequest = {
      ...request,
      // As the wire will write it.
      url: new URL(withQuery(request.url, params?.(stamp) ?? {})).href,
      headers: { ...request.headers, ...Object.fromEntries(added) },
    };
    const text = sign({ ...stamp, ...partsOf(stamped) });
    const signature = createHmac(algorithm, Buffer.from(secret, secretEncoding)).update(text).digest(encoding);
    return this.#identified(request, withCredential(stamped, place, signature));
  }
}

const partsOf = ({ method, url, headers, body = '' }: HttpRequest): Omit<HmacParts, keyof HmacStamp> => {
  const { host, pathname: path, search } = new URL(url);
  return { method: method.toUpperCase(), url, host, path, query: search.slice(1), headers, body };
};

const writeTime = (now: number, form: HmacOptions['timestamp'] = 'seconds'): string => {
  if (form === 'iso') return new Date(now).toISOString();
  return String(form === 'milliseconds' ? now : Math.floor(now / 1000));
};
