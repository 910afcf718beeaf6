import { ConnectorError } from '../errors.ts';
import { mediaTypeOf } from '../http/media-type.ts';
import type { HttpRequest } from '../http/types.ts';
import { withQuery } from '../http/url.ts';
import { isJsonObject } from '../protocol/json.ts';
import { parseLossless, stringifyJson } from '../protocol/lossless-json.ts';
import { requireHeaderText, requireText } from './secret.ts';

/** Where in a request a credential stands. */
export type CredentialPlace =
  | {
      /** The name of a header. */
      readonly header: string;
      /**
       * A word before the credential, with a space between.
       *
       * @default none
       */
      readonly prefix?: string;
    }
  | {
      /** The name of a query parameter. */
      readonly query: string;
    }
  | {
      /** The name of a cookie. */
      readonly cookie: string;
    }
  | {
      /** The name of a field of the form that is the body. */
      readonly form: string;
    }
  | {
      /** The name of a member of the JSON object that is the body, a dot leading to one further inside. */
      readonly json: string;
    };

/** As most APIs have it (RFC 6750). */
export const BEARER: CredentialPlace = { header: 'Authorization', prefix: 'Bearer' };

/** A place for messages: `header "X-API-Key"`. */
export const describePlace = (place: CredentialPlace): string => {
  const [kind, name] = Object.entries(place)[0] ?? [];
  return `${kind} "${String(name)}"`;
};

/** @throws ConfigError when the credential is missing or cannot stand in its place */
export const requireFit = (credential: unknown, place: CredentialPlace, what: string): void => {
  if ('header' in place) requireHeaderText(credential, what);
  else requireText(credential, what);
  if ('cookie' in place) requireHeaderText(encodeCookie(String(credential)), what);
};

/**
 * The request with a credential in its place; what the request has there already is replaced.
 *
 * @throws ConnectorError when the body is of another kind than the place
 */
export const withCredential = (request: HttpRequest, place: CredentialPlace, credential: string): HttpRequest => {
  if ('header' in place) {
    const value = place.prefix ? `${place.prefix} ${credential}` : credential;
    return { ...request, headers: { ...request.headers, [place.header.toLowerCase()]: value } };
  }
  if ('query' in place) return { ...request, url: withParameter(request.url, place.query, credential) };
  if ('cookie' in place) return withCookie(request, place.cookie, credential);
  return 'form' in place ? withField(request, place.form, credential) : withMember(request, place.json, credential);
};

/** Leaves the rest of the query as it is written: it may be signed already. */
const withParameter = (url: string, name: string, value: string): string => {
  const { searchParams, search } = new URL(url);
  if (searchParams.has(name)) return withQuery(url, { [name]: value });
  const pair = new URLSearchParams({ [name]: value }).toString();
  return `${url.replace(/\?$/, '')}${search === '' ? '?' : '&'}${pair}`;
};

/** What would end the cookie is percent-encoded; all else is sent as it is. */
const encodeCookie = (value: string): string => value.replace(/[\s;,"\\]/g, encodeURIComponent);

const withCookie = (request: HttpRequest, name: string, value: string): HttpRequest => {
  const others = (request.headers['cookie'] ?? '')
    .split(/;\s*/)
    .filter((pair) => pair !== '' && !pair.startsWith(`${name}=`));
  const cookie = [...others, `${name}=${encodeCookie(value)}`].join('; ');
  return { ...request, headers: { ...request.headers, cookie } };
};

const FORM = 'application/x-www-form-urlencoded';

const withField = (request: HttpRequest, name: string, value: string): HttpRequest => {
  const form = new URLSearchParams(bodyOf(request, FORM));
  form.set(name, value);
  return withSecretBody(request, form.toString(), FORM);
};

const withMember = (request: HttpRequest, path: string, value: string): HttpRequest => {
  const text = bodyOf(request, 'application/json');
  const root: unknown = text === '' ? {} : parseLossless(text);
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let node = root;
  for (const step of steps) node = isJsonObject(node) ? (node[step] ??= {}) : undefined;
  if (!isJsonObject(node)) {
    throw new ConnectorError(
      `The credential cannot stand at "${path}" of the body: there is no JSON object to hold it.`,
    );
  }
  node[last] = value;
  return withSecretBody(request, stringifyJson(root), 'application/json');
};

const bodyOf = ({ headers, body = '', method, url }: HttpRequest, wanted: string): string => {
  const found = mediaTypeOf({ headers });
  if (body.length === 0 || found === '' || found === wanted || (wanted.endsWith('json') && found.endsWith('+json'))) {
    return typeof body === 'string' ? body : Buffer.from(body).toString();
  }
  throw new ConnectorError(
    `The credential goes into a body of type ${wanted}, but the body of ${method} ${url} is ${found}. Put it elsewhere.`,
  );
};

const withSecretBody = (request: HttpRequest, body: string, type: string): HttpRequest => ({
  ...request,
  headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? type },
  body,
  secretBody: true,
});
