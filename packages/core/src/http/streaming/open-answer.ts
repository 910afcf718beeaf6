import * as http from 'node:http';
import * as https from 'node:https';
import type { Agents } from '../agents.ts';
import type { Deadlines } from '../deadlines.ts';
import { supportedEncodings } from '../decompress.ts';
import { watchExchange } from '../exchange-watch.ts';
import { networkError, proxyRefusal } from '../network-error.ts';
import type { HttpRequest } from '../types.ts';

/**
 * Sends a request and gives its answer as soon as the headers are there, the body not read yet; follows no redirect.
 *
 * The connect and headers limits end here. Whoever takes the answer has to read it to its end, or to destroy it.
 */
export const openAnswer = (
  request: HttpRequest,
  agents: Agents,
  deadlines: Deadlines,
  watch?: (sent: http.ClientRequest) => void,
): Promise<http.IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.signal?.throwIfAborted();
    const { method, body } = request;
    const url = new URL(request.url);
    const headers = {
      'user-agent': 'headwater',
      'accept-encoding': supportedEncodings,
      ...request.headers,
      // Node leaves it out for a GET.
      ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    };
    const { request: send } = url.protocol === 'https:' ? https : http;
    const sent = send(url, { method, headers, agent: agentFor(request, url, agents) });
    const { deadline, settle, fail } = watchExchange(request, deadlines, (reason) => {
      sent.destroy();
      reject(reason);
    });

    deadline.watchConnection(sent);
    watch?.(sent);
    sent.once('response', (answer) => {
      const proxy = answer.statusCode === 407 ? agents.proxyFor(url) : undefined;
      if (proxy) return fail(networkError(request, proxyRefusal(proxy, 407)));
      settle();
      resolve(answer);
    });
    // Stays after the answer: the connection may still break, which whoever reads the body hears of there.
    sent.on('error', (error) => fail(networkError(request, error)));
    sent.end(body);
  });

const agentFor = (request: HttpRequest, url: URL, agents: Agents): http.Agent => {
  try {
    return agents.agentFor(url);
  } catch (error) {
    throw error instanceof Error ? networkError(request, error) : error;
  }
};
