import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { mockApi, type MockApi, type Reply, type RoutedRequest } from '@headwater/testing';
import { PAGES, idsOf, type Hostile, type PageNumber } from './row.ts';

export const PATH = '/lists/a';

/** The next page of a page, as the list says it in the body; null after the last. */
export const nextOf = (page: number): string | null => (page < PAGES.length ? String(page + 1) : null);

export const bodyOf = (page: number) => ({ items: idsOf(page).map((id) => ({ id })), next: nextOf(page) });

const pageIn = (query: URLSearchParams): number => Number(query.get('page') ?? 1);

/** Answers each page as `replyOf` says; `url` is where it listens. */
export const serves = (replyOf: (page: number, url: string) => Reply) => async (): Promise<MockApi> => {
  const api = await mockApi();
  api.on(`GET ${PATH}`, ({ query }) => replyOf(pageIn(query), api.url));
  return api;
};

/** What the server answers in place of a page; `url` is where it listens. */
export type Misbehaviour = Reply | ((request: RoutedRequest, url: string) => Reply);

/** Answers every page but one well; that one is answered with `wrong` the first `times` times. */
export const answers =
  (wrong: Misbehaviour, times = Infinity) =>
  async (page: PageNumber): Promise<Hostile> => {
    const api = await mockApi();
    let attempts = 0;
    api.on(`GET ${PATH}`, (request) => {
      const asked = pageIn(request.query);
      if (asked !== page || ++attempts > times) return { body: bodyOf(asked) };
      return typeof wrong === 'function' ? wrong(request, api.url) : wrong;
    });
    return { ...api, attempts: () => attempts };
  };

/** A TCP server; `close` ends the connections too. */
export const listen = async (server: Server): Promise<{ readonly port: number } & AsyncDisposable> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    // The client hangs up in most of these tests.
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The server listens on no TCP port.');
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};

/** What is on a connection when a request comes: `earlier` requests came on it before. */
export interface Wire {
  readonly socket: Socket;
  readonly body: string;
  readonly earlier: number;
}

/** Like `answers`, but what goes out for the faulty page is written byte by byte by `misbehave`. */
export const writes =
  (misbehave: (wire: Wire) => void, times = Infinity) =>
  async (page: PageNumber): Promise<Hostile> => {
    let attempts = 0;
    const server = createServer((socket) => {
      let received = '';
      let earlier = 0;
      socket.on('data', (piece) => {
        received += piece.toString('latin1');
        if (!received.endsWith('\r\n\r\n')) return;
        const [, target = ''] = received.split(' ');
        received = '';
        const asked = pageIn(new URL(target, 'http://localhost').searchParams);
        const body = JSON.stringify(bodyOf(asked));
        if (asked === page && ++attempts <= times) misbehave({ socket, body, earlier });
        else socket.write(head({ 'content-length': body.length }) + body);
        earlier++;
      });
    });
    const { port, ...disposal } = await listen(server);
    return { ...disposal, url: `http://127.0.0.1:${port}`, attempts: () => attempts };
  };

export const head = (headers: Readonly<Record<string, string | number>>): string =>
  ['HTTP/1.1 200 OK', 'content-type: application/json', ...Object.entries(headers).map(([k, v]) => `${k}: ${v}`)].join(
    '\r\n',
  ) + '\r\n\r\n';

/** A port of this host where nobody listens. */
export const nobody = async (): Promise<Hostile> => {
  const { port, ...server } = await listen(createServer());
  await server[Symbol.asyncDispose]();
  return { url: `http://127.0.0.1:${port}`, async [Symbol.asyncDispose]() {} };
};
