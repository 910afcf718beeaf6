import { ApiKeyAuthenticator } from '../auth/api-key.ts';
import { policyFrom } from '../auth/authenticator.ts';
import { BasicHttpAuthenticator } from '../auth/basic.ts';
import { TokenAuthenticator } from '../auth/token.ts';
import type { Policy } from '../http/types.ts';
import type { ConnectionAuth } from './config.ts';

/** The policy that adds a configured credential to each request. */
export const policyOf = (auth: ConnectionAuth): Policy => {
  if (typeof auth === 'function' || 'authenticate' in auth) return policyFrom(auth);
  if (auth.type === 'bearer') return policyFrom(new TokenAuthenticator(auth.token));
  if (auth.type === 'basic') return policyFrom(new BasicHttpAuthenticator(auth));
  const place = 'header' in auth ? { header: auth.header } : { query: auth.query };
  return policyFrom(new ApiKeyAuthenticator({ ...place, key: auth.value }));
};
