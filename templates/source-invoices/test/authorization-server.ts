import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, type ClientMetadata } from 'oidc-provider';

/** A certified OpenID provider on the loopback interface, which gives a new refresh token for each one used. */
export interface AuthorizationServer extends AsyncDisposable {
  readonly tokenUrl: string;
  /** How many times it gave an access token for a refresh token. */
  readonly grants: () => number;
  /** The error of each token request it refused. */
  readonly refused: readonly string[];
  /** What a user who has logged in leaves in the config. */
  login(): Promise<string>;
  /** Whether an access token is good: what the API asks the server, as RFC 7662 has it. */
  isActive(token: string): Promise<boolean>;
  /** The access token is worthless from now on; the refresh token is not. */
  revoke(token: string): Promise<void>;
}

/** The connector. */
export const CLIENT = { client_id: 'headwater', client_secret: 'the-secret-of-the-connector' };
/** The API. */
const RESOURCE = { client_id: 'invoice-api', client_secret: 'the-secret-of-the-api' };
const SCOPE = 'openid offline_access';

const clients: ClientMetadata[] = [
  {
    ...CLIENT,
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: ['https://headwater.example.com/callback'],
  },
  { ...RESOURCE, grant_types: [], response_types: [], redirect_uris: [] },
];

/** @param lifetime of an access token, in seconds */
export const authorizationServer = async (lifetime: number): Promise<AuthorizationServer> => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const provider = new Provider(url, {
    clients,
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
    rotateRefreshToken: true,
    ttl: { AccessToken: lifetime, Grant: 3600, IdToken: 3600, RefreshToken: 3600 },
    features: {
      devInteractions: { enabled: false },
      introspection: {
        enabled: true,
        allowedPolicy: async (_context, { clientId }) => clientId === RESOURCE.client_id,
      },
    },
  });
  let grants = 0;
  const refused: string[] = [];
  provider.on('grant.success', () => (grants += 1));
  provider.on('grant.error', (_context, error) => refused.push(error.message));
  const handle = provider.callback();
  server.on('request', (request, response) => void handle(request, response));

  return {
    tokenUrl: `${url}/token`,
    grants: () => grants,
    refused,
    async login() {
      const grant = new provider.Grant({ accountId: 'ann', clientId: CLIENT.client_id });
      grant.addOIDCScope(SCOPE);
      const client = await provider.Client.find(CLIENT.client_id);
      if (!client) throw new Error('The server does not know the connector.');
      const token = new provider.RefreshToken({
        accountId: 'ann',
        client,
        grantId: await grant.save(),
        gty: 'authorization_code',
        scope: SCOPE,
      });
      return token.save();
    },
    async isActive(token) {
      const answer = await fetch(`${url}/token/introspection`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${RESOURCE.client_id}:${RESOURCE.client_secret}`)}` },
        body: new URLSearchParams({ token }),
      });
      const { active } = (await answer.json()) as { readonly active?: boolean };
      if (active === undefined) throw new Error(`The introspection was answered with ${answer.status}.`);
      return active;
    },
    async revoke(token) {
      // Not by the endpoint for it, which ends the refresh token too.
      const found = await provider.AccessToken.find(token);
      await found?.destroy();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
