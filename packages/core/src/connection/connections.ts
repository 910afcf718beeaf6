import { ConnectorError } from '../errors.ts';
import type { Logger } from '../output/logger.ts';
import type { ConnectionsConfig } from './config.ts';
import { DEFAULT_POOL_SIZE, HttpConnection } from './connection.ts';
import { ConnectionPool } from './pool.ts';
import { Turns } from './turns.ts';
import { validateConnections } from './validate-config.ts';

export interface HttpConnectionsOptions {
  /**
   * One pool for all connections, of this many leases; `poolSize` then limits sockets only.
   *
   * @default a pool for each connection, of its `poolSize`
   */
  readonly sharedPool?: number;
  /**
   * Hears of attempts and waits.
   *
   * @default nobody
   */
  readonly log?: Logger;
}

/**
 * Named connections to APIs, for use without a stream.
 *
 * @throws ConfigError that lists every wrong field of every connection
 * @example
 * await using connections = new HttpConnections({
 *   crm: { baseUrl: 'https://crm.example.com/v2', auth: { type: 'bearer', token: config.token } },
 * });
 * const contacts = await connections.get('crm').get('/contacts', { params: { limit: 100 } });
 * for (const contact of contacts.json<Contact[]>()) ...
 */
export class HttpConnections implements AsyncDisposable {
  readonly #connections: ReadonlyMap<string, HttpConnection>;
  readonly #turns: ReadonlyMap<string, Turns>;
  #closed = false;

  constructor(config: ConnectionsConfig, { sharedPool, log }: HttpConnectionsOptions = {}) {
    if (sharedPool !== undefined && !(Number.isInteger(sharedPool) && sharedPool >= 1)) {
      throw new ConnectorError(`sharedPool: ${sharedPool} is not a number of leases. Give a whole number, 1 or more.`);
    }
    const entries = Object.entries(validateConnections(config));
    const shared = sharedPool === undefined ? undefined : new Turns(sharedPool);
    this.#connections = new Map(entries.map(([name, one]) => [name, new HttpConnection(name, one, log)]));
    this.#turns = new Map(
      entries.map(([name, { poolSize = DEFAULT_POOL_SIZE }]) => [name, shared ?? new Turns(poolSize)]),
    );
  }

  /** @throws ConnectorError that lists the names there are, when this is none of them */
  get(name: string): HttpConnection {
    if (this.#closed) throw closed();
    const connection = this.#connections.get(name);
    if (connection) return connection;
    const known = this.names().join(', ') || 'none';
    throw new ConnectorError(`There is no connection "${name}". Known: ${known}.`);
  }

  /** In the order of the config. */
  names(): readonly string[] {
    return [...this.#connections.keys()];
  }

  /** The counted use of a connection: at most `poolSize` leases at a time. */
  pool(name: string): ConnectionPool {
    this.get(name);
    return new ConnectionPool(name, () => this.get(name), this.#turns.get(name)!);
  }

  /**
   * Ends the waiting for leases and the streams that are still read, and closes all sockets: those of requests under way
   * as soon as they have their answer.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const turns of this.#turns.values()) turns.end(closed());
    await Promise.all([...this.#connections.values()].map((connection) => connection.close()));
  }
}

const closed = (): ConnectorError =>
  new ConnectorError('The connections are closed. Ask for one before they are disposed of.');
