import { once } from 'node:events';
import type { RequestListener, Server as HttpServer } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';

export interface TestServer extends AsyncDisposable {
  readonly port: number;
  /** How many TCP connections it has taken. */
  readonly connections: () => number;
}

/** Makes any server listen on a free loopback port, and end with all its connections at the end of the test. */
export const started = async (server: Server | HttpServer): Promise<TestServer> => {
  const sockets = new Set<Socket>();
  let count = 0;
  server.on('connection', (socket: Socket) => {
    count++;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => count,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};

export const httpsServer = async (
  options: ServerOptions,
  listener: RequestListener = (_request, response) => response.end('hello'),
): Promise<TestServer & { readonly url: string }> => {
  const server = await started(createServer(options, listener));
  return { ...server, url: `https://localhost:${server.port}` };
};
