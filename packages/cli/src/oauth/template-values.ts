import type { LoginContext } from './login-context.ts';

/** What only this one login knows. */
export interface FlowValues {
  readonly redirectUri: string;
  readonly state: string;
  readonly codeChallenge: string;
}

type Values = Readonly<Record<string, string>>;

/** What `consent_url` may refer to. The secret of the client is not among it: the URL is shown. */
export const consentValues = (context: LoginContext, flow: FlowValues): Values => {
  const { auth, values, clientId, scope = '' } = context;
  const { names, texts, optionalScope } = auth;
  const { consent_url: _, access_token_url: __, ...rest } = texts;
  return {
    ...rest,
    ...values,
    ...parameter('client_id', names.clientId, clientId),
    ...parameter('redirect_uri', names.redirectUri, flow.redirectUri),
    ...parameter('scope', names.scope, scope),
    ...parameter('scopes', names.scope, scope),
    ...(optionalScope === undefined ? {} : parameter('optional_scopes', 'optional_scope', optionalScope)),
    ...parameter('state', names.state, flow.state),
    code_challenge: flow.codeChallenge,
    code_challenge_method: 'S256',
  };
};

/** What `access_token_url`, `access_token_headers` and `access_token_params` may refer to. */
export const tokenValues = (context: LoginContext, flow: FlowValues & { readonly code: string }): Values => ({
  ...consentValues(context, flow),
  ...parameter('client_secret', context.auth.names.clientSecret, context.clientSecret ?? ''),
  ...parameter('auth_code', context.auth.names.code, flow.code),
});

/** A parameter's name, its value, and both as they stand in a query. */
const parameter = (name: string, key: string, value: string): Values => ({
  [key]: value,
  [`${name}_key`]: key,
  [`${name}_value`]: value,
  [`${name}_param`]: `${key}=${encodeURIComponent(value)}`,
});
