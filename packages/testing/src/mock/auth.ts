import type { ReceivedRequest } from '../loopback-server.ts';
import { refusal, type Handler } from './handler.ts';
import { tokenServer, type OauthServer } from './token-server.ts';

/** What every request has to prove; one that does not is answered with 401. */
export type MockAuth =
  | ({
      readonly kind: 'bearer';
      /** The token, or several that are all good. */
      readonly token: string | readonly string[];
      /**
       * The word before it.
       *
       * @default 'Bearer'
       */
      readonly scheme?: string;
    } & TokenUses)
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'api-key'; readonly in: 'header' | 'query'; readonly name: string; readonly key: string }
  | {
      readonly kind: 'custom';
      /** Whether a request may pass. Called once for each. */
      readonly check: (request: ReceivedRequest) => boolean | Promise<boolean>;
    }
  /** A token endpoint hands out the bearer tokens; see `tokenPath`. */
  | (OauthServer & TokenUses);

interface TokenUses {
  /**
   * After how many requests a token has expired: the next one with it gets a 401.
   *
   * @default never
   */
  readonly uses?: number;
}

/** Undefined when the request may pass, else what is wrong with it. */
type Check = (request: ReceivedRequest) => string | undefined | Promise<string | undefined>;

/** Lets through only who has the right credential. */
export const withAuth = (auth: MockAuth, next: Handler): Handler => {
  if (auth.kind === 'oauth2') {
    const server = tokenServer(auth);
    const admit = admitting(
      bearer('Bearer', (token) => server.isGood(token), auth.uses),
      'Bearer error="invalid_token"',
      next,
    );
    return (request) => (request.path === server.path ? server.answer(request) : admit(request));
  }
  const [check, challenge] = checkOf(auth);
  return admitting(check, challenge, next);
};

const checkOf = (auth: Exclude<MockAuth, { readonly kind: 'oauth2' }>): readonly [check: Check, challenge: string] => {
  switch (auth.kind) {
    case 'bearer': {
      const { scheme = 'Bearer', uses } = auth;
      const tokens = new Set(typeof auth.token === 'string' ? [auth.token] : auth.token);
      return [bearer(scheme, (token) => tokens.has(token), uses), `${scheme} realm="mock"`];
    }
    case 'basic': {
      const wanted = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
      return [({ headers }) => judged('the header Authorization', headers.authorization, wanted), 'Basic realm="mock"'];
    }
    case 'api-key': {
      const { name, key } = auth;
      const place = `the ${auth.in === 'header' ? 'header' : 'query parameter'} ${name}`;
      const sent = ({ headers, query }: ReceivedRequest) =>
        auth.in === 'header' ? headers[name.toLowerCase()] : query.get(name);
      return [(request) => judged(place, sent(request), key), 'ApiKey'];
    }
    case 'custom': {
      const { check } = auth;
      return [
        async (request) => ((await check(request)) ? undefined : 'the check of the test refuses the request.'),
        'Custom realm="mock"',
      ];
    }
    default:
      throw new TypeError(
        `auth: unknown kind ${JSON.stringify((auth satisfies never as MockAuth).kind)}. ` +
          `Known: bearer, basic, api-key, custom, oauth2.`,
      );
  }
};

const judged = (place: string, sent: unknown, wanted: string): string | undefined => {
  if (sent === wanted) return undefined;
  return sent === undefined || sent === null ? `${place} is missing.` : `${place} has a wrong credential.`;
};

const bearer = (scheme: string, isGood: (token: string) => boolean, uses = Infinity): Check => {
  const used = new Map<string, number>();
  return ({ headers: { authorization } }) => {
    if (authorization === undefined) return 'the header Authorization is missing.';
    if (!authorization.startsWith(`${scheme} `)) return `the header Authorization does not begin with "${scheme} ".`;
    const token = authorization.slice(scheme.length + 1);
    if (!isGood(token)) return 'the token is unknown or has expired.';
    const count = (used.get(token) ?? 0) + 1;
    used.set(token, count);
    return count > uses ? `the token has expired: it was good for ${uses} requests.` : undefined;
  };
};

const admitting =
  (check: Check, challenge: string, next: Handler): Handler =>
  async (request) => {
    const wrong = await check(request);
    if (wrong === undefined) return next(request);
    return refusal(401, `Unauthorized: ${wrong}`, { 'www-authenticate': challenge });
  };
