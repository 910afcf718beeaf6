import { CommandError } from '../command-error.ts';
import type { LoginContext } from './login-context.ts';
import { fillTemplate } from './template.ts';
import { consentValues, type FlowValues } from './template-values.ts';
import { secureUrl } from './urls.ts';

/**
 * The page on which the user gives consent. What the protocol needs is added to what the template says: PKCE and the
 * state of this login in any case, the rest where it is missing.
 *
 * @throws CommandError
 */
export const consentUrl = (context: LoginContext, flow: FlowValues): URL => {
  const endpoint = context.server.authorization;
  if (!endpoint) {
    throw new CommandError(
      'It is not known where consent is given. Add oauth_connector_input_specification.consent_url to the spec, or give ' +
        '--authorization-url or --issuer.',
    );
  }
  const { names } = context.auth;
  const url = secureUrl(
    endpoint.template ? fillTemplate(endpoint.url, consentValues(context, flow), endpoint.where) : endpoint.url,
    endpoint.where,
  );
  const { searchParams } = url;
  searchParams.set(names.clientId, context.clientId);
  searchParams.set(names.redirectUri, flow.redirectUri);
  searchParams.set(names.state, flow.state);
  searchParams.set('code_challenge', flow.codeChallenge);
  searchParams.set('code_challenge_method', 'S256');
  if (!searchParams.has('response_type')) searchParams.set('response_type', 'code');
  if (context.scope !== undefined && !searchParams.has(names.scope)) searchParams.set(names.scope, context.scope);
  // Not every server reads "+" as a space; a plus of its own is escaped already.
  url.search = url.search.replaceAll('+', '%20');
  return url;
};
