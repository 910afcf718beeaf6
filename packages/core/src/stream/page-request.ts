import { ConnectorError } from '../errors.ts';
import type { HttpHeaders, HttpRequest } from '../http/types.ts';
import { joinUrl, withQuery, type QueryParams } from '../http/url.ts';
import type { PageRequest } from '../paginate/paginator.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import type { PageContext } from './page-context.ts';
import { encodeBody, type RequestBody } from './request-body.ts';

/** The hooks of an `HttpStream` that say what to ask for. */
export interface RequestHooks<C extends JsonObject> {
  readonly name: string;
  readonly urlBase: string;
  readonly method: string;
  path(context: PageContext<C>): string;
  requestParams(context: PageContext<C>): QueryParams;
  requestHeaders(context: PageContext<C>): HttpHeaders;
  requestBody(context: PageContext<C>): RequestBody | undefined;
}

type PageHttpRequest = Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>;

/** How a stream asks for a page: what its hooks say, and what its paginator lays over that. */
export const pageRequester = <C extends JsonObject>(stream: RequestHooks<C>) => {
  const join = joinOnce();
  return (context: PageContext<C>, page: PageRequest): PageHttpRequest => {
    const body = withMembers(stream, stream.requestBody(context), page.body);
    const encoded = body === undefined ? undefined : encodeBody(body);
    const headers: Record<string, string> = { accept: 'application/json' };
    if (encoded) headers['content-type'] = encoded.contentType;
    for (const given of [stream.requestHeaders(context), page.headers ?? {}]) {
      for (const [name, value] of Object.entries(given)) headers[name.toLowerCase()] = value;
    }
    const own = () => withQuery(join(stream.urlBase, stream.path(context)), stream.requestParams(context));
    // A next URL from the API has its query already.
    const url = page.url === undefined ? own() : atHome(stream, page.url);
    return {
      method: stream.method.toUpperCase(),
      url: page.params ? withQuery(url, page.params) : url,
      headers,
      ...(encoded && { body: encoded.bytes }),
    };
  };
};

/** `joinUrl`, but for the pages of one path parsed only once. */
const joinOnce = () => {
  let last: { readonly base: string; readonly path: string; readonly url: string } | undefined;
  return (base: string, path: string): string => {
    if (last?.base !== base || last.path !== path) last = { base, path, url: joinUrl(base, path).href };
    return last.url;
  };
};

/** The URL, provided that the credential may go there. */
const atHome = <C extends JsonObject>({ name, urlBase }: RequestHooks<C>, url: string): string => {
  const home = joinUrl(urlBase, '').origin;
  if (new URL(url).origin === home) return url;
  throw new ConnectorError(
    `The next page of stream "${name}" is at ${url}, not at ${home}: the credential is not sent there. ` +
      `If the API really means it, write nextPageToken and return that URL from path.`,
  );
};

const withMembers = <C extends JsonObject>(
  { name }: RequestHooks<C>,
  body: RequestBody | undefined,
  members: JsonObject | undefined,
): RequestBody | undefined => {
  if (members === undefined) return body;
  if (body === undefined) return members;
  if (body instanceof URLSearchParams) {
    const form = new URLSearchParams(body);
    for (const [key, value] of Object.entries(members)) form.set(key, String(value));
    return form;
  }
  if (isJsonObject(body) && !(body instanceof Uint8Array)) return merged(body, members);
  throw new ConnectorError(
    `The paginator of stream "${name}" sends ${Object.keys(members).join(', ')} in the body, but requestBody returned ` +
      `no object to put it into. Return an object or URLSearchParams, or let the paginator send it in the query.`,
  );
};

const merged = (body: JsonObject, members: JsonObject): JsonObject => {
  const result = { ...body };
  for (const [key, value] of Object.entries(members)) {
    const present = result[key];
    result[key] = isJsonObject(present) && isJsonObject(value) ? merged(present, value) : value;
  }
  return result;
};
