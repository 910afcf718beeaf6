import type { AuthPlan } from '../plan/plan.ts';

const KEY_HEADER =
  /^(x-)?([a-z0-9]+-)*(api-?(key|token|secret)|apikey|auth-?token|access-?token|subscription-key|app-?key|token)$/;
const NO_CREDENTIAL = /(^|-)(csrf|xsrf)(-|$)/;
const KEY_PARAM =
  /^(api[-_]?(key|token)|apikey|access[-_]?(token|key)|auth([-_]?token|entication)?|token|key|app[-_]?(key|id)|client[-_]?secret|secret|password|sig|signature|x-amz-(credential|signature|security-token))$/i;

/** How a request was signed, by the names of its headers and the scheme; the values are not looked at any further. */
export const authOfHeaders = (headers: Readonly<Record<string, string>>): AuthPlan | undefined => {
  const authorization = headers['authorization'];
  if (authorization !== undefined) {
    const [scheme = '', rest] = authorization.trim().split(/\s+/, 2);
    if (rest === undefined || !/^[A-Za-z][\w-]{0,19}$/.test(scheme)) {
      return { kind: 'api-key', in: 'header', name: 'Authorization' };
    }
    if (/^basic$/i.test(scheme)) return { kind: 'basic' };
    if (/^(digest|negotiate|ntlm|aws4-hmac-sha256)$/i.test(scheme)) return undefined;
    return /^bearer$/i.test(scheme) ? { kind: 'bearer' } : { kind: 'bearer', scheme };
  }
  const name = Object.keys(headers).find((key) => KEY_HEADER.test(key) && !NO_CREDENTIAL.test(key));
  return name === undefined ? undefined : { kind: 'api-key', in: 'header', name };
};

/** The same by the query: `?api_key=…`. */
export const authOfUrl = (url: URL): AuthPlan | undefined => {
  if (url.username !== '') return { kind: 'basic' };
  const name = [...url.searchParams.keys()].find((key) => KEY_PARAM.test(key));
  return name === undefined ? undefined : { kind: 'api-key', in: 'query', name };
};

/** A URL without user, password, fragment, and parameters named like credentials. */
export const withoutCredentials = (url: URL): URL => {
  const clean = new URL(url);
  clean.username = '';
  clean.password = '';
  clean.hash = '';
  const names = new Set([...clean.searchParams.keys()].filter((key) => KEY_PARAM.test(key)));
  for (const name of names) clean.searchParams.delete(name);
  return clean;
};

/** Headers without parameters named like credentials in the URLs they hold, as a `Link` header does. */
export const cleanHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name !== 'set-cookie')
      .map(([name, value]) => [name, value.replace(PARAM, (all, key: string) => (KEY_PARAM.test(key) ? '' : all))]),
  );

/** A parameter within text, together with the sign after it. */
const PARAM = /(?<=[?&])([^=&?#\s<>]+)=[^&#\s<>"]*(?:&|(?=[#\s<>"]|$))/g;
