import { ConnectorError } from '../errors.ts';
import type { HttpHeaders, HttpRequest, Sender } from '../http/types.ts';
import { joinUrl, withQuery, type QueryParams } from '../http/url.ts';
import { stringifyJson } from '../protocol/lossless-json.ts';
import { encodeBody } from '../stream/request-body.ts';

export interface CallOptions {
  /**
   * Query parameters: an array repeats its key, null and undefined are left out.
   *
   * @default none
   */
  readonly params?: QueryParams;
  /**
   * Sent before those of the connection and the content type of the body.
   *
   * @default none
   */
  readonly headers?: HttpHeaders;
  /** The body, written as JSON; a `bigint` or `LosslessNumber` keeps its digits. Not together with `form` or `body`. */
  readonly json?: unknown;
  /** The body, written as a form (`application/x-www-form-urlencoded`). */
  readonly form?: QueryParams | URLSearchParams;
  /** The body as it is: `text/plain`, or `application/octet-stream` for bytes, unless `headers` say otherwise. */
  readonly body?: string | Uint8Array;
  /** Ends the request, and any waiting between its attempts, at once. */
  readonly signal?: AbortSignal | undefined;
}

/** One request of a connection, method and path said by name. */
export interface CallRequest extends CallOptions {
  /** @default 'GET' */
  readonly method?: string;
  /**
   * Added to the base URL. An absolute URL, such as the next page an API names, has to be of the same origin.
   *
   * @default '', the base URL itself
   */
  readonly path?: string;
}

export interface RequestContext {
  readonly baseUrl: string;
  readonly headers: HttpHeaders;
  readonly sender: Sender;
}

/** @throws ConnectorError for two bodies at once, and for a path that leads to another origin */
export const buildRequest = (call: CallRequest, { baseUrl, headers, sender }: RequestContext): HttpRequest => {
  const { method = 'GET', path = '', params = {}, signal } = call;
  const url = joinUrl(baseUrl, path);
  // The credential of the connection is not for other servers.
  if (url.origin !== new URL(baseUrl).origin) {
    throw new ConnectorError(
      `${sender.label}: ${url.origin} is not the origin of its baseUrl ${baseUrl}. Configure a connection of its own for it.`,
    );
  }
  const content = contentOf(call, sender);
  return {
    method,
    url: withQuery(url.href, params),
    headers: {
      ...lowerCase(headers),
      ...(content && { 'content-type': content.type }),
      ...lowerCase(call.headers ?? {}),
    },
    sender,
    ...(content && { body: content.bytes }),
    ...(signal && { signal }),
  };
};

interface Content {
  readonly bytes: string | Uint8Array;
  readonly type: string;
}

const contentOf = ({ json, form, body }: CallRequest, { label }: Sender): Content | undefined => {
  if ([json, form, body].filter((each) => each !== undefined).length > 1) {
    throw new ConnectorError(`${label}: a request has one body. Give "json", "form" or "body", not several of them.`);
  }
  if (json !== undefined) return { bytes: stringifyJson(json), type: 'application/json' };
  const plain = form === undefined ? body : form instanceof URLSearchParams ? form : formOf(form);
  if (plain === undefined) return undefined;
  const { bytes, contentType } = encodeBody(plain);
  return { bytes, type: contentType };
};

const formOf = (params: QueryParams): URLSearchParams => new URLSearchParams(withQuery('', params).slice(1));

const lowerCase = (headers: HttpHeaders): HttpHeaders =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
