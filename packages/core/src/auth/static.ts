import type { Policy } from '../http/types.ts';
import { registerSecret } from '../output/redact.ts';

/** Sends `authorization: Bearer <token>` (RFC 6750) with every request. */
export const bearerAuth = (token: string): Policy => headerAuth('authorization', `Bearer ${token}`, token);

/** Sends a key in a header of the API's own naming with every request, e.g. `apiKeyAuth('x-api-key', config.api_key)`. */
export const apiKeyAuth = (header: string, key: string): Policy => headerAuth(header.toLowerCase(), key, key);

const headerAuth = (name: string, value: string, secret: string): Policy => {
  registerSecret(secret);
  return (next) => (request) => next({ ...request, headers: { ...request.headers, [name]: value } });
};
