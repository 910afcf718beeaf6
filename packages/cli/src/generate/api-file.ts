import type { AuthPlan, ConnectorPlan } from '../plan/plan.ts';
import type { ConfigFields } from './config-fields.ts';
import { paginatorCall, sharedPaginator } from './paginator.ts';
import { commentText, literal, member } from './text.ts';

/** The code of `src/api.ts`: what all streams share. */
export const apiFile = (plan: ConnectorPlan, fields: ConfigFields, hasChildren: boolean): string => {
  const shared = sharedPaginator(plan);
  const signer = signerOf(plan.auth, fields.credential);
  const classes = [['ApiStream', 'HttpStream', 'A stream'], ...(hasChildren ? [CHILD] : [])] as const;
  const imports = [
    ...classes.map(([, base]) => base),
    ...(signer ? [signer.className] : []),
    ...(shared ? [shared.kind] : []),
    'type JsonObject',
  ];
  return `
import { ${imports.join(', ')} } from '@headwater/core';
import type { Config } from './record-types.ts';

${signer?.code ?? ''}

${shared ? `/** How most streams of the API give page after page. */\nexport const pages = ${paginatorCall(shared)};` : ''}

${classes.map(([name, base, what]) => classCode(name, base, `${what} of ${commentText(plan.title) || 'the API'}.`, fields, signer)).join('\n\n')}
`;
};

const CHILD = [
  'ApiSubStream',
  'HttpSubStream',
  'A stream that is read once for each record of another stream',
] as const;

const classCode = (
  name: string,
  base: string,
  comment: string,
  { baseUrl }: ConfigFields,
  signer: Signer | undefined,
): string => `/** ${comment} */
export abstract class ${name}<R extends JsonObject> extends ${base}<R, Config> {
  override readonly urlBase = this.config${member(baseUrl)};
  ${signer ? 'override readonly authenticator = authenticatorOf(this.config);' : ''}
}`;

interface Signer {
  readonly className: string;
  readonly code: string;
}

/** What adds the credential, for all that need one. */
const signerOf = (auth: AuthPlan, names: ConfigFields['credential']): Signer | undefined => {
  const field = (role: string): string => `config${member(names[role] ?? '')}`;
  const plain = (className: string, options: string): Signer => ({
    className,
    code: `/** What adds the credential to each request. */
export const authenticatorOf = (config: Config) => new ${className}(${options});`,
  });
  switch (auth.kind) {
    case 'none':
      return undefined;
    case 'bearer':
      return plain(
        'TokenAuthenticator',
        auth.scheme === undefined || auth.scheme === 'Bearer'
          ? field('token')
          : `{ token: ${field('token')}, prefix: ${literal(auth.scheme)} }`,
      );
    case 'basic':
      return plain('BasicHttpAuthenticator', `{ username: ${field('username')}, password: ${field('password')} }`);
    case 'api-key':
      return plain('ApiKeyAuthenticator', `{ ${auth.in}: ${literal(auth.name)}, key: ${field('key')} }`);
    case 'oauth2':
      break;
  }
  return {
    className: 'Oauth2Authenticator',
    code: auth.grant === 'refresh_token' ? refreshing(auth, names) : client(auth, names),
  };
};

type OAuth2 = Extract<AuthPlan, { kind: 'oauth2' }>;

const oauthOptions = (auth: OAuth2, names: ConfigFields['credential']): string => {
  const field = (role: string): string => `config${member(names[role] ?? '')}`;
  const { grant, scopes = [] } = auth;
  const asksForItself = grant === 'client_credentials';
  return [
    `tokenUrl: ${field('tokenUrl')},`,
    ...(asksForItself ? [`grant: 'client_credentials',`] : []),
    `clientId: ${field('clientId')},`,
    `clientSecret: ${field('clientSecret')},`,
    ...(asksForItself ? [] : [`refreshToken: ${field('refreshToken')},`]),
    ...(asksForItself && scopes.length > 0 ? [`scopes: ${literal(scopes)},`] : []),
  ].join('\n');
};

const client = (auth: OAuth2, names: ConfigFields['credential']): string => `
const known = new WeakMap<Config, Oauth2Authenticator>();

/** What adds the access token to each request: one object for all streams, so that they share the token. */
export const authenticatorOf = (config: Config): Oauth2Authenticator => {
  const present = known.get(config);
  if (present) return present;
  const made = new Oauth2Authenticator({
    ${oauthOptions(auth, names)}
  });
  known.set(config, made);
  return made;
};`;

const refreshing = (auth: OAuth2, names: ConfigFields['credential']): string => {
  const name = names['refreshToken'] ?? '';
  return `
const known = new WeakMap<Config, Oauth2Authenticator>();

/**
 * What adds the access token to each request: one object for all streams, so that they share the token.
 *
 * \`prepare\` of the source calls it first, with what keeps a config: a refresh token that was replaced is not lost.
 */
export const authenticatorOf = (config: Config, saveConfig?: (config: Config) => Promise<void>): Oauth2Authenticator => {
  const present = known.get(config);
  if (present) return present;
  const made = new Oauth2Authenticator({
    ${oauthOptions(auth, names)}
    onTokens: async ({ refreshToken = config${member(name)} }) => {
      if (refreshToken !== config${member(name)}) await saveConfig?.({ ...config, ${JSON.stringify(name)}: refreshToken });
    },
  });
  known.set(config, made);
  return made;
};`;
};
