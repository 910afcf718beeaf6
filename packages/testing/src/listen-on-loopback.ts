import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Where a server listens, and its end. */
export interface Listening {
  /** Without a trailing slash. */
  readonly url: string;
  /** Ends at once: every open connection is destroyed. */
  readonly close: () => Promise<void>;
}

/** Has a server listen on 127.0.0.1 and a free port. */
export const listenOnLoopback = async (server: Server): Promise<Listening> => {
  // Long enough that no client meets a connection that is closing while it sends its next request.
  server.keepAliveTimeout = 120_000;

  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The server listens on no TCP port.');

  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { url: `http://127.0.0.1:${address.port}`, close };
};
