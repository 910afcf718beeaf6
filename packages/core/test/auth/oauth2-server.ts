import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync } from 'node:crypto';
import { Provider, type Adapter, type AdapterPayload, type ClientMetadata, type Configuration } from 'oidc-provider';

/** A real authorization server on the loopback interface; its userinfo endpoint is the API that wants a token. */
export interface AuthorizationServer extends AsyncDisposable {
  readonly tokenUrl: string;
  readonly apiUrl: string;
  readonly revocationUrl: string;
  /** The grant type of each token request it granted, in order. */
  readonly granted: readonly string[];
  /** The error of each token request it refused. */
  readonly refused: readonly string[];
  /** What a user who logged in with this client has in the config. */
  refreshTokenFor(clientId: string): Promise<string>;
  /** Whether a client has this access token for itself. */
  knowsClientToken(token: string): Promise<boolean>;
  /** Whether an access token of a user is valid. */
  knowsToken(token: string): Promise<boolean>;
  /** The access token is worthless from now on. */
  revokeAccessToken(token: string): Promise<void>;
}

const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

/** Keeps what the server knows in a map. Clients come from it too, as from a database. */
class MemoryAdapter implements Adapter {
  readonly #name: string;
  readonly #kept: Map<string, AdapterPayload>;

  constructor(name: string, kept: Map<string, AdapterPayload>) {
    this.#name = name;
    this.#kept = kept;
  }

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.#kept.set(`${this.#name}/${id}`, payload);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#kept.get(`${this.#name}/${id}`);
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return [...this.#kept.values()].find((payload) => payload.userCode === userCode);
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return [...this.#kept.values()].find((payload) => payload.uid === uid);
  }

  async consume(id: string): Promise<void> {
    const payload = await this.find(id);
    if (payload) payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    this.#kept.delete(`${this.#name}/${id}`);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, payload] of this.#kept) if (payload.grantId === grantId) this.#kept.delete(key);
  }
}

export const authorizationServer = async (
  clients: readonly ClientMetadata[],
  configuration: Configuration = {},
): Promise<AuthorizationServer> => {
  const kept = new Map<string, AdapterPayload>(clients.map((client) => [`Client/${client.client_id}`, client]));
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(url, {
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
    adapter: (name) => new MemoryAdapter(name, kept),
    jwks: { keys: [{ ...KEY, use: 'sig' }] },
    rotateRefreshToken: true,
    scopes: ['openid', 'offline_access', 'api'],
    ...configuration,
    ttl: {
      AccessToken: 3600,
      ClientCredentials: 600,
      Grant: 86_400,
      IdToken: 3600,
      RefreshToken: 86_400,
      ...configuration.ttl,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true, allowedPolicy: async () => true },
      ...configuration.features,
    },
  });
  const [granted, refused]: [string[], string[]] = [[], []];
  provider.on('grant.success', (context) => granted.push(String(context.oidc.params?.['grant_type'])));
  provider.on('grant.error', (_context, error) => refused.push(error.message));
  const handle = provider.callback();
  server.on('request', (request, response) => void handle(request, response));

  return {
    tokenUrl: `${url}/token`,
    apiUrl: `${url}/me`,
    revocationUrl: `${url}/token/revocation`,
    granted,
    refused,
    async refreshTokenFor(clientId) {
      const client = await provider.Client.find(clientId);
      const grant = new provider.Grant({ accountId: 'ann', clientId });
      grant.addOIDCScope('openid offline_access');
      const token = new provider.RefreshToken({
        accountId: 'ann',
        client: client!,
        grantId: await grant.save(),
        gty: 'authorization_code',
        scope: 'openid offline_access',
        authTime: Math.floor(Date.now() / 1000),
      });
      return token.save();
    },
    async knowsClientToken(token) {
      return (await provider.ClientCredentials.find(token)) !== undefined;
    },
    async knowsToken(token) {
      return (await provider.AccessToken.find(token)) !== undefined;
    },
    async revokeAccessToken(token) {
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
