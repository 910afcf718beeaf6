import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

import { listenOnLoopback, type Listening } from './listen-on-loopback.ts';
import type { Reply } from './reply.ts';
import { sendReply } from './send-reply.ts';

/** One request as a server of this kit received it. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path as it was sent: percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Header names are in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The whole body as text; empty when there is none. */
  readonly body: string;
  /** When the headers arrived, in milliseconds since the epoch. */
  readonly time: number;
}

/** A real HTTP server on 127.0.0.1 and a free port. */
export interface LoopbackServer extends Listening, AsyncDisposable {}

/** Starts a server that gives each request, once its body is there, to `answer` and sends what that returns. */
export const loopbackServer = async (
  answer: (request: ReceivedRequest) => Reply | Promise<Reply>,
): Promise<LoopbackServer> => {
  const server = createServer(async (incoming, response) => {
    try {
      const request = await receive(incoming);
      if (request !== undefined) await sendReply(response, await answer(request));
    } catch (error) {
      // A reply that cannot be sent, such as one with an illegal header: the client is told why.
      if (response.headersSent) response.destroy();
      else response.writeHead(400).end(String(error));
    }
  });
  const { url, close } = await listenOnLoopback(server);
  return { url, close, [Symbol.asyncDispose]: close };
};

const receive = async (incoming: IncomingMessage): Promise<ReceivedRequest | undefined> => {
  const time = Date.now();
  const target = incoming.url ?? '/';
  const end = target.indexOf('?');
  try {
    return {
      method: incoming.method ?? 'GET',
      path: end === -1 ? target : target.slice(0, end),
      query: new URLSearchParams(end === -1 ? '' : target.slice(end + 1)),
      headers: incoming.headers,
      body: await text(incoming),
      time,
    };
  } catch {
    // The client left before its request was whole: there is nobody to answer.
    return undefined;
  }
};
