import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { CommandError } from '../command-error.ts';
import { page } from './page.ts';

/** The answer of the authorization server, brought by the browser, which waits for a page. */
export interface Callback {
  readonly params: URLSearchParams;
  /** Shows the last page of the login. */
  end(title: string, text: string): void;
}

/** A server on this machine to which the browser is sent back (RFC 8252, 7.3). */
export interface Loopback extends AsyncDisposable {
  readonly redirectUri: string;
  /** Resolves with the first answer that is `wanted`; the others get a page that says so. Rejects when `signal` ends it. */
  answer(wanted: (params: URLSearchParams) => boolean, signal: AbortSignal): Promise<Callback>;
}

const PATH = '/callback';

/** @throws CommandError when the port is taken */
export const openLoopback = async (port: number): Promise<Loopback> => {
  let receive: (callback: Callback) => boolean = () => false;
  const server = createServer((request, response) => {
    const url = URL.canParse(request.url ?? '', 'http://127.0.0.1')
      ? new URL(request.url!, 'http://127.0.0.1')
      : undefined;
    if (url?.pathname !== PATH) return show(response, 404, 'Nothing here', 'Only a login ends here.');
    // Whatever looks a link up in advance must not use the answer up.
    if (request.method !== 'GET') return show(response, 405, 'Not allowed', 'A login ends with a GET request.');
    const end = (title: string, text: string) => show(response, 200, title, text);
    if (receive({ params: url.searchParams, end })) return;
    show(response, 400, 'Not this login', 'This answer does not belong to the login that is waiting.');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'EADDRINUSE' ? 'it is in use' : String(cause.code);
    throw new CommandError(`--port ${port}: ${reason}. Give another one that is registered as redirect URL.`, {
      cause,
    });
  });
  // It listens on TCP, whose address is never a path.
  const { port: used } = server.address() as AddressInfo;

  return {
    redirectUri: `http://127.0.0.1:${used}${PATH}`,
    answer: (wanted, signal) =>
      new Promise((resolve, reject) => {
        const stop = () => reject(signal.reason as Error);
        if (signal.aborted) return stop();
        signal.addEventListener('abort', stop, { once: true });
        receive = (callback) => {
          if (!wanted(callback.params)) return false;
          receive = () => false;
          signal.removeEventListener('abort', stop);
          resolve(callback);
          return true;
        };
      }),
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      // A page on its way arrives; a browser that keeps its connection open does not hold the command up.
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 2000).unref();
      await closed;
    },
  };
};

const show = (response: ServerResponse, status: number, title: string, text: string): void => {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  response.end(page(title, text));
};
