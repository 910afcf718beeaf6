import { readAdvancedAuth } from '../../src/oauth/advanced-auth.ts';
import { findServer, type ServerOptions } from '../../src/oauth/authorization-server.ts';
import type { LoginContext } from '../../src/oauth/login-context.ts';
import type { JsonObject } from '../../src/types/read-document.ts';
import { CLIENT } from './provider.ts';

/** A login as `headwater oauth login` prepares it, and what it tells. */
export const contextOf = async (
  spec: JsonObject,
  options: ServerOptions = {},
  changes: Partial<LoginContext> = {},
): Promise<{ context: LoginContext; told: string[]; debugged: string[] }> => {
  const auth = readAdvancedAuth(spec, 'main.js');
  const told: string[] = [];
  const debugged: string[] = [];
  const { signal } = new AbortController();
  const context: LoginContext = {
    auth,
    server: await findServer(options, auth, signal),
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    clientAuth: 'body',
    scope: auth.scope,
    values: {},
    tell: (line) => told.push(line),
    debug: (line) => debugged.push(line),
    browse: () => {},
    signal,
    ...changes,
  };
  return { context, told, debugged };
};
