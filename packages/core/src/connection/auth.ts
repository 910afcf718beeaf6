import { apiKeyAuth, bearerAuth } from '../auth/static.ts';
import type { Policy } from '../http/types.ts';
import { withQuery } from '../http/url.ts';
import { registerSecret } from '../output/redact.ts';
import type { ConnectionAuth } from './config.ts';

/** The policy that adds a configured credential to each request. */
export const policyOf = (auth: ConnectionAuth): Policy => {
  if (typeof auth === 'function') return auth;
  if (auth.type === 'bearer') return bearerAuth(auth.token);
  if (auth.type === 'basic') return basicAuth(auth.username, auth.password);
  return 'header' in auth ? apiKeyAuth(auth.header, auth.value) : queryKeyAuth(auth.query, auth.value);
};

/** RFC 7617, in UTF-8. */
const basicAuth = (username: string, password: string): Policy => {
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  // Many APIs take a token as the user name, with an empty password.
  registerSecret(password === '' ? username : password);
  registerSecret(credentials);
  const authorization = `Basic ${credentials}`;
  return (next) => (request) => next({ ...request, headers: { ...request.headers, authorization } });
};

const queryKeyAuth = (name: string, value: string): Policy => {
  registerSecret(value);
  return (next) => (request) => next({ ...request, url: withQuery(request.url, { [name]: value }) });
};
