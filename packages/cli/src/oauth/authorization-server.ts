import type * as oauth from 'oauth4webapi';

import { CommandError } from '../command-error.ts';
import type { AdvancedAuth } from './advanced-auth.ts';
import { explain } from './failures.ts';
import { isLoopback, secureUrl, shown } from './urls.ts';

/** Where to log in. An endpoint of the spec is a template, which is filled once the values are there. */
export interface AuthorizationServer {
  readonly authorization: Endpoint | undefined;
  readonly token: Endpoint | undefined;
  readonly device: Endpoint | undefined;
  /** What the server says of itself, if it was asked. */
  readonly metadata: oauth.AuthorizationServer | undefined;
}

export interface Endpoint {
  readonly url: string;
  /** For messages: the option or the member of the spec. */
  readonly where: string;
  readonly template: boolean;
}

export interface ServerOptions {
  readonly authorizationUrl?: string;
  readonly tokenUrl?: string;
  readonly deviceUrl?: string;
  readonly issuer?: string;
}

/**
 * Finds the endpoints: those of the options first, then those the issuer names, then those of the spec.
 *
 * @throws CommandError when the issuer cannot be asked, or is somebody else
 */
export const findServer = async (
  options: ServerOptions,
  { texts }: AdvancedAuth,
  signal: AbortSignal,
): Promise<AuthorizationServer> => {
  const metadata = options.issuer === undefined ? undefined : await discover(options.issuer, signal);
  const endpoint = (given: string | undefined, option: string, discovered: string | undefined, member?: string) => {
    if (given !== undefined) return { url: given, where: option, template: false };
    if (discovered !== undefined) return { url: discovered, where: `--issuer ${options.issuer}`, template: false };
    const url = member === undefined ? undefined : texts[member];
    return url === undefined
      ? undefined
      : { url, where: `oauth_connector_input_specification.${member}`, template: true };
  };
  return {
    authorization: endpoint(
      options.authorizationUrl,
      '--authorization-url',
      metadata?.authorization_endpoint,
      'consent_url',
    ),
    token: endpoint(options.tokenUrl, '--token-url', metadata?.token_endpoint, 'access_token_url'),
    device: endpoint(options.deviceUrl, '--device-url', metadata?.device_authorization_endpoint),
    metadata,
  };
};

const discover = async (issuer: string, signal: AbortSignal): Promise<oauth.AuthorizationServer> => {
  const { allowInsecureRequests, discoveryRequest, processDiscoveryResponse } = await import('oauth4webapi');
  const url = secureUrl(issuer, '--issuer');
  const ask = (algorithm: 'oidc' | 'oauth2') =>
    discoveryRequest(url, { algorithm, signal, [allowInsecureRequests]: isLoopback(url) });
  try {
    const answer = await ask('oidc');
    // A server without OpenID describes itself by RFC 8414, at another place.
    return await processDiscoveryResponse(url, answer.status === 404 ? await ask('oauth2') : answer);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED') {
      throw new CommandError(
        `--issuer ${shown(url)}: the server calls itself something else. Give the issuer as it writes it.`,
      );
    }
    throw explain(error, `--issuer ${shown(url)}`, []);
  }
};
