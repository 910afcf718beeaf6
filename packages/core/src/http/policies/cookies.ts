import type { CookieStore, Policy } from '../types.ts';

export interface CookieJarOptions {
  /**
   * Cookies to begin with: each as `url` would set it in a `Set-Cookie` header.
   *
   * @default none
   * @example [{ url: 'https://api.example.com', cookie: 'session=abc; Path=/; Secure' }]
   */
  readonly initial?: readonly { readonly url: string; readonly cookie: string }[];
}

/**
 * Keeps the cookies that answers set and sends them where they belong (RFC 6265), also on and after redirects.
 *
 * One jar a policy: clients that are given the same policy share it, and it ends with the process. A request that has a
 * `cookie` header of its own is sent as it is.
 */
export const cookieJar = ({ initial = [] }: CookieJarOptions = {}): Policy => {
  let loading: Promise<CookieStore> | undefined;
  return (next) => async (request) => {
    if (request.headers['cookie'] !== undefined) return next(request);
    const cookies = await (loading ??= openJar(initial));
    const cookie = cookies.headerFor(request.url);
    const headers = cookie === undefined ? request.headers : { ...request.headers, cookie };
    return next({ ...request, headers, cookies });
  };
};

const openJar = async (initial: NonNullable<CookieJarOptions['initial']>): Promise<CookieStore> => {
  const { CookieJar } = await import('tough-cookie');
  const jar = new CookieJar();
  // A cookie that breaks the rules, such as one for a foreign domain, is ignored, as browsers do.
  const keep = (url: string, cookie: string) => jar.setCookieSync(cookie, url, { ignoreError: true });
  for (const { url, cookie } of initial) keep(url, cookie);
  return {
    headerFor: (url) => jar.getCookieStringSync(url) || undefined,
    keep: (url, cookies) => cookies.forEach((cookie) => keep(url, cookie)),
  };
};
