import { CommandError } from '../command-error.ts';
import type { JsonObject } from '../types/read-document.ts';
import { readAdvancedAuth, type AdvancedAuth } from './advanced-auth.ts';
import { findServer, type ServerOptions } from './authorization-server.ts';
import { openBrowser } from './browser.ts';
import { findClient, otherValues, type Given } from './client.ts';
import { codeFlow } from './code-flow.ts';
import { ConfigFile, type Entry } from './config-file.ts';
import { findConnector, specOf } from './connector-spec.ts';
import { deviceFlow } from './device-flow.ts';
import type { ClientAuthMethod, LoginContext } from './login-context.ts';
import { outputsOf } from './outputs.ts';

export interface LoginOptions extends ServerOptions {
  /** The file that is read and completed. */
  readonly config: string;
  readonly clientId?: Given;
  readonly clientSecret?: Given;
  readonly clientAuth?: ClientAuthMethod;
  readonly scope?: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly device: boolean;
  readonly browser: boolean;
  /** Seconds. */
  readonly timeout: number;
  readonly debug: boolean;
}

const tell = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/**
 * Logs in as the spec of a connector says, and writes the tokens into its config.
 *
 * @param given the connector's main file or its directory
 * @throws CommandError
 */
export const login = async (given: string | undefined, options: LoginOptions): Promise<void> => {
  const connector = findConnector(given);
  const auth = readAdvancedAuth(await specOf(connector), connector);
  const config = await ConfigFile.open(options.config);
  const client = await findClient(auth, config, options, options.config);
  const places = [...auth.outputs, ...client.entries, ...(auth.predicate ? [auth.predicate] : [])];
  for (const { path } of places) config.checkPlace(path);
  const predicate = await predicateEntries(auth, config, options.config);

  const deadline = new AbortController();
  const expire = () => deadline.abort(new CommandError(tooLate(options)));
  const timer = setTimeout(expire, options.timeout * 1000);
  try {
    const server = await findServer(options, auth, deadline.signal);
    const scope = options.scope ?? auth.scope;
    const context: LoginContext = {
      auth,
      server,
      clientId: client.id,
      clientSecret: client.secret,
      clientAuth: options.clientAuth ?? usualAuth(server.metadata?.token_endpoint_auth_methods_supported),
      scope,
      values: await otherValues(auth, config),
      tell,
      debug: options.debug ? (line) => tell(`debug: ${line}`) : () => {},
      browse: options.browser ? openBrowser : () => {},
      signal: deadline.signal,
    };
    const take = async (answer: JsonObject): Promise<void> => {
      const tokens = outputsOf(answer, auth, Date.now());
      await config.write([...client.entries, ...predicate, ...tokens]);
      for (const token of tokens) {
        if (config.holdsReference(token.path))
          tell(`${placeName(token)} was a reference. It holds the value itself now.`);
      }
      tell(`${options.config} is written: ${[...client.entries, ...predicate, ...tokens].map(placeName).join(', ')}.`);
    };
    if (options.device) await take(await deviceFlow(context));
    else await codeFlow(context, options.port, take);
  } finally {
    clearTimeout(timer);
  }
};

const placeName = ({ path }: Entry): string => path.join('.');

/** A config that is set to another way to authenticate would not use the tokens. */
const predicateEntries = async ({ predicate }: AdvancedAuth, config: ConfigFile, file: string): Promise<Entry[]> => {
  if (!predicate) return [];
  const present = config.raw(predicate.path);
  if ((await config.text(predicate.path)) === predicate.value) return [];
  if (present === undefined || present === null) return [predicate];
  throw new CommandError(
    `${file}, ${predicate.path.join('.')}: is ${JSON.stringify(present)}, but a login is for ` +
      `${JSON.stringify(predicate.value)}. Change it first.`,
  );
};

const usualAuth = (methods: readonly string[] | undefined): ClientAuthMethod =>
  methods?.includes('client_secret_basic') && !methods.includes('client_secret_post') ? 'basic' : 'body';

const tooLate = ({ device, timeout }: LoginOptions): string =>
  `The login was not finished within ${timeout} s. Run the command again, ` +
  (device
    ? 'or give more time with --timeout.'
    : 'and see what the page says: the redirect URL may have to be registered, with a fixed --port.');
