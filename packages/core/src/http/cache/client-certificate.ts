import { pem } from '../tls.ts';
import type { Policy } from '../types.ts';

/**
 * Tells the cache below it which certificate the client shows: no header has it, and it is a credential like another.
 *
 * @param cert as in `http.tls.cert`
 */
export const clientCertificate =
  (cert: string): Policy =>
  (next) => {
    let reading: Promise<string> | undefined;
    return async (request) => {
      // That it cannot be read is for who connects with it to say; a replay does not.
      const shown = await (reading ??= pem('cert', cert).catch(() => cert));
      const { credential } = request;
      const identity = JSON.stringify([shown, credential?.identity]);
      return next({ ...request, credential: { identity, bare: credential?.bare ?? request } });
    };
  };
