import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import { gzipBomb } from './mock/gzip-bomb.ts';
import type { Reply } from './reply.ts';
import { toJson } from './to-json.ts';

/** Sends one reply, faults included; ends early without complaint when the client has gone. */
export const sendReply = async (response: ServerResponse, reply: Reply): Promise<void> => {
  const { status = 200, headers = {}, delay = 0, fault } = reply;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const pause = (milliseconds: number) => sleep(milliseconds, true, { signal: gone.signal }).catch(() => false);

  if (delay > 0) await pause(delay);
  if (response.destroyed) return;

  const content = fault?.kind === 'malformed-gzip' ? malformedGzip(bytesOf(reply.body)) : bytesOf(reply.body);
  response.statusCode = status;
  if (isJson(reply.body)) response.setHeader('content-type', 'application/json; charset=utf-8');
  if (fault?.kind.includes('gzip')) response.setHeader('content-encoding', 'gzip');
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, value instanceof Date ? value.toUTCString() : value);
  }
  if (fault?.kind === 'gzip-bomb') response.removeHeader('content-length');
  else if (content.length > 0 && !response.hasHeader('transfer-encoding') && !response.hasHeader('content-length')) {
    response.setHeader('content-length', content.length);
  }

  switch (fault?.kind) {
    case undefined:
    case 'malformed-gzip':
      response.end(content);
      return;
    case 'stall':
      if (fault.afterBytes !== undefined) await writePart(response, content.subarray(0, fault.afterBytes));
      return;
    case 'reset':
      if (fault.afterBytes !== undefined) {
        await writePart(response, content.subarray(0, fault.afterBytes));
        // A reset overtakes bytes that the client has not read yet: let them arrive.
        await pause(20);
      }
      response.socket?.resetAndDestroy();
      return;
    case 'truncate':
      await writePart(response, content.subarray(0, fault.afterBytes ?? Math.floor(content.length / 2)));
      response.socket?.destroySoon();
      return;
    case 'drip':
      for (let start = 0; start < content.length && !response.destroyed; start += fault.bytes) {
        if (start > 0) await pause(fault.every);
        await writePart(response, content.subarray(start, start + fault.bytes));
      }
      response.end();
      return;
    case 'gzip-bomb':
      for (const piece of gzipBomb(fault.size ?? BOMB_SIZE, content)) {
        if (response.destroyed) return;
        await writePart(response, piece);
      }
      response.end();
  }
};

const isJson = (body: unknown): boolean =>
  body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array);

const bytesOf = (body: unknown): Buffer => {
  if (body === undefined) return Buffer.alloc(0);
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.from(typeof body === 'string' ? body : toJson(body));
};

const GZIP_HEADER_LENGTH = 10;
const BOMB_SIZE = 10 * 2 ** 30;

const malformedGzip = (content: Buffer): Buffer => {
  const bytes = gzipSync(content);
  // 0b111: a last block of the type that deflate reserves, so that every decoder refuses it at once.
  bytes[GZIP_HEADER_LENGTH] = 0b111;
  return bytes;
};

const writePart = async (response: ServerResponse, part: Buffer): Promise<void> => {
  response.flushHeaders();
  if (part.length === 0 || response.destroyed) return;
  // The callback also comes, with an error, when the client leaves: no promise is left waiting.
  await new Promise<void>((resolve) => response.write(part, () => resolve()));
};
