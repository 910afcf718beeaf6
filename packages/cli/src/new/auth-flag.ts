import { InvalidArgumentError } from 'commander';

import type { AuthPlan } from '../plan/plan.ts';

/** How `--auth` is written. */
export const AUTH_WORDS: readonly string[] = [
  'none',
  'bearer',
  'basic',
  'api-key-header:NAME',
  'api-key-query:NAME',
  'oauth2-client-credentials',
  'oauth2-refresh-token',
];

/** What only OAuth 2.0 needs; flags of their own. */
export interface OauthDetails {
  readonly tokenUrl?: string;
  readonly consentUrl?: string;
  readonly scopes?: readonly string[];
}

/**
 * Reads `--auth`.
 *
 * @example parseAuth('api-key-header:X-API-Key', {})
 * @throws InvalidArgumentError for another word, or for OAuth 2.0 without its URLs
 */
export const parseAuth = (text: string, oauth: OauthDetails): AuthPlan => {
  const [kind = '', ...rest] = text.split(':');
  const name = rest.join(':').trim();
  if (kind === 'none' || kind === 'basic') return withoutName(kind, name, { kind });
  if (kind === 'bearer') return name === '' ? { kind } : { kind, scheme: header(text, name) };
  if (kind === 'api-key-header') return { kind: 'api-key', in: 'header', name: header(text, name || 'X-API-Key') };
  if (kind === 'api-key-query') return { kind: 'api-key', in: 'query', name: name || 'api_key' };
  if (kind === 'oauth2-client-credentials' || kind === 'oauth2-refresh-token') {
    const { tokenUrl, consentUrl, scopes } = oauth;
    const token = urlOf(text, '--token-url', tokenUrl);
    const common = { kind: 'oauth2', tokenUrl: token, ...(scopes && { scopes }) } as const;
    if (kind === 'oauth2-client-credentials')
      return withoutName(kind, name, { ...common, grant: 'client_credentials' });
    const consent = urlOf(text, '--consent-url', consentUrl);
    return withoutName(kind, name, { ...common, grant: 'refresh_token', consentUrl: consent });
  }
  throw new InvalidArgumentError(`"${text}" is unknown. Known: ${AUTH_WORDS.join(', ')}.`);
};

const withoutName = (kind: string, name: string, plan: AuthPlan): AuthPlan => {
  if (name === '') return plan;
  throw new InvalidArgumentError(`"${kind}" has no name behind it; "${name}" stands there.`);
};

const header = (text: string, name: string): string => {
  if (/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return name;
  throw new InvalidArgumentError(`"${text}": "${name}" cannot stand in a header.`);
};

const urlOf = (text: string, flag: string, url: string | undefined): string => {
  if (url === undefined) throw new InvalidArgumentError(`"${text}" needs ${flag} too.`);
  if (!URL.canParse(url)) throw new InvalidArgumentError(`${flag} ${url} is no URL.`);
  return url;
};
