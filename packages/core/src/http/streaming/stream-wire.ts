import { openAgents, type Agents } from '../agents.ts';
import { Deadlines } from '../deadlines.ts';
import { bodyTooLarge } from '../decompress.ts';
import { describeRequest } from '../describe.ts';
import { networkError } from '../network-error.ts';
import type { HttpHeaders, HttpRequest, Send, WireResponse } from '../types.ts';
import type { WireOptions } from '../wire.ts';
import { openAnswer } from './open-answer.ts';
import { redirected } from './redirect.ts';
import { streamBody } from './stream-body.ts';
import type { IncomingMessage } from 'node:http';

/** An answer of which only status and headers are there: `bytes` is empty and `body` gives them. */
export interface StreamedResponse extends WireResponse {
  /** Can be read once. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the request if its body has not been read to the end. */
  readonly close: () => void;
}

export interface StreamWire {
  readonly send: Send;
  /** Closes all sockets, those in use with their requests. */
  close(): Promise<void>;
}

const MAX_REDIRECTS = 10;

/**
 * A wire that does not wait for the body of a 2xx answer. Any other answer is read whole, up to `maxBodyBytes`, since it
 * is judged, and quoted, by what it says. It speaks HTTP/1.1 only.
 */
export const streamWire = (options: WireOptions = {}): StreamWire => {
  const { timeouts = {}, maxBodyBytes = 256 * 1024 * 1024, ...connection } = options;
  const deadlines = new Deadlines(timeouts);
  let opening: Promise<Agents> | undefined;

  const send: Send = async (request) => {
    const agents = await (opening ??= openAgents({ ...connection, http2: false }, timeouts.connect ?? 30_000));
    const { answer, hop } = await follow(request, agents, deadlines);
    const { statusCode: status = 0 } = answer;
    const head = { request, status, headers: joined(answer), url: hop.url };
    if (status >= 200 && status < 300) {
      const streamed: StreamedResponse = {
        ...head,
        bytes: new Uint8Array(0),
        body: streamBody(answer, hop, deadlines),
        close: () => void answer.destroy(),
      };
      // Without a listener an answer nobody reads any more would end the process when its connection breaks.
      answer.on('error', () => {});
      return streamed;
    }
    return { ...head, bytes: await readWhole(answer, hop, deadlines, maxBodyBytes) };
  };

  const close = async (): Promise<void> => {
    const agents = await opening?.catch(() => undefined);
    agents?.destroy();
  };
  return { send, close };
};

interface Followed {
  readonly answer: IncomingMessage;
  /** The request it answers: the last one of the redirects. */
  readonly hop: HttpRequest;
}

const follow = async (request: HttpRequest, agents: Agents, deadlines: Deadlines): Promise<Followed> => {
  let hop = request;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const answer = await openAnswer(hop, agents, deadlines);
    hop.cookies?.keep(hop.url, answer.headers['set-cookie'] ?? []);
    const next = nextHop(hop, answer);
    if (!next) return { answer, hop };
    answer.on('error', () => {}).destroy();
    hop = next;
  }
  const circle = Object.assign(new Error(`More than ${MAX_REDIRECTS} redirects.`), { code: 'ERR_TOO_MANY_REDIRECTS' });
  throw networkError(request, circle);
};

const nextHop = (hop: HttpRequest, answer: IncomingMessage): HttpRequest | undefined => {
  try {
    return redirected(hop, answer);
  } catch (error) {
    answer.on('error', () => {}).destroy();
    throw error instanceof Error ? networkError(hop, error) : error;
  }
};

const readWhole = async (
  answer: IncomingMessage,
  request: HttpRequest,
  deadlines: Deadlines,
  maxBytes: number,
): Promise<Uint8Array> => {
  const place = describeRequest(request);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of streamBody(answer, request, deadlines)) {
    size += chunk.length;
    if (size > maxBytes) throw bodyTooLarge(place, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
};

const joined = ({ headers }: IncomingMessage): HttpHeaders => {
  const { 'set-cookie': cookies, ...others } = headers;
  return { ...others, ...(cookies && { 'set-cookie': cookies.join(', ') }) } as HttpHeaders;
};
