import { realClock, type Clock } from '../http/clock.ts';
import type { HttpHeaders, HttpRequest, Send } from '../http/types.ts';
import type { Authenticator } from './authenticator.ts';
import { identified } from './identified.ts';
import { hide, requireHeaderText, requireText } from './secret.ts';

export interface AwsOptions {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /**
   * Belongs to temporary credentials.
   *
   * @default none
   */
  readonly sessionToken?: string;
  /** E.g. `eu-central-1`. */
  readonly region: string;
  /** The service as signatures call it, e.g. `s3`, `execute-api`, `dynamodb`. */
  readonly service: string;
  /** @default real time */
  readonly clock?: Clock;
}

/**
 * Signs each request, and each attempt at it anew, as AWS wants it (Signature Version 4).
 *
 * It signs what is stable: method, URL, body, `host`, `content-type`, `content-md5` and the `x-amz-` headers. Cookies and
 * trace headers are added later and stay unsigned.
 *
 * @throws ConfigError when a key, the region or the service is missing
 * @example
 * override readonly authenticator = new AwsAuthenticator({
 *   accessKeyId: this.config.access_key_id,
 *   secretAccessKey: this.config.secret_access_key,
 *   region: this.config.region,
 *   service: 'execute-api',
 * });
 */
export class AwsAuthenticator implements Authenticator {
  readonly #options: AwsOptions;

  constructor(options: AwsOptions) {
    this.#options = options;
    hide(options.secretAccessKey);
    hide(options.sessionToken);
  }

  authenticate(next: Send): Send {
    const { accessKeyId, secretAccessKey, sessionToken, region, service } = this.#options;
    for (const [name, value] of Object.entries({ accessKeyId, region, service })) {
      requireHeaderText(value, `${name} of AwsAuthenticator`);
    }
    requireText(secretAccessKey, 'secretAccessKey of AwsAuthenticator');
    if (sessionToken !== undefined) requireHeaderText(sessionToken, 'sessionToken of AwsAuthenticator');
    const withIdentity = identified(() => ['aws', accessKeyId, secretAccessKey, sessionToken, region, service]);
    return async (request) => next(withIdentity(request, await sign(request, this.#options)));
  }
}

const isSigned = (name: string): boolean =>
  name === 'content-type' || name === 'content-md5' || name.startsWith('x-amz-');

const sign = async (request: HttpRequest, options: AwsOptions): Promise<HttpRequest> => {
  const { region, service, accessKeyId, secretAccessKey, sessionToken, clock = realClock } = options;
  const { default: aws4 } = await import('aws4');
  const url = unambiguous(request.url);
  const { body } = request;
  const ours = Object.entries(request.headers).filter(([name]) => isSigned(name) && !RENEWED.has(name));
  const { headers = {} } = aws4.sign(
    {
      method: request.method.toUpperCase(),
      host: url.host,
      path: `${url.pathname}${url.search}`,
      headers: {
        ...Object.fromEntries(ours),
        'x-amz-date': new Date(clock.now()).toISOString().replace(/[:-]|\.\d{3}/g, ''),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : Buffer.from(body) }),
      service,
      region,
    },
    { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
  );
  const { host: _host, ...signed } = lowerCase(headers as Record<string, string | number>);
  return { ...request, url: url.href, headers: { ...request.headers, ...signed } };
};

/** Said by the signature itself, of each attempt anew. */
const RENEWED: ReadonlySet<string> = new Set(['x-amz-date', 'x-amz-security-token']);

/** A plus sign in a query is a space to some and a plus to others; AWS signs it as a space, and reads it as a plus. */
const unambiguous = (text: string): URL => {
  const url = new URL(text);
  url.pathname = url.pathname.replaceAll('+', '%2B');
  url.search = url.search.replaceAll('+', '%20');
  return url;
};

const lowerCase = (headers: Readonly<Record<string, string | number>>): HttpHeaders =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
