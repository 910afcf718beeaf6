import type { AdvancedAuth } from './advanced-auth.ts';
import type { AuthorizationServer } from './authorization-server.ts';

/** How the client proves who it is at the token endpoint. */
export type ClientAuthMethod = 'body' | 'basic';

/** All that both ways to log in need to know. */
export interface LoginContext {
  readonly auth: AdvancedAuth;
  readonly server: AuthorizationServer;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly clientAuth: ClientAuthMethod;
  readonly scope: string | undefined;
  /** What templates may refer to beside the parameters of the flow: values from the config. */
  readonly values: Readonly<Record<string, string>>;
  /** A line for the person at the desk. */
  readonly tell: (line: string) => void;
  /** A line for who looks for a mistake; never holds a secret. */
  readonly debug: (line: string) => void;
  /** Shows a page to the person at the desk, if a browser is wanted. */
  readonly browse: (url: URL) => void;
  /** Ends the login when nobody answers. */
  readonly signal: AbortSignal;
}
