import type { IncomingMessage } from 'node:http';
import { pipeline, type Duplex, type Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { BodyError, messageOf } from '../../errors.ts';
import type { Deadlines } from '../deadlines.ts';
import { describeRequest } from '../describe.ts';
import { networkError } from '../network-error.ts';
import type { HttpRequest } from '../types.ts';

/** Since Node 22.15. */
const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Duplex };

const DECODERS: Readonly<Record<string, () => Duplex>> = {
  gzip: zlib.createGunzip,
  'x-gzip': zlib.createGunzip,
  deflate: zlib.createInflate,
  br: zlib.createBrotliDecompress,
  ...(createZstdDecompress && { zstd: createZstdDecompress }),
};

/**
 * The decompressed body of an answer, read no faster than it is asked for.
 *
 * The idle limit counts only while the reader waits, so a slow reader is no fault of the API. Leaving early destroys the
 * answer; so does the signal of the request.
 *
 * @throws BodyError, NetworkError or TimeoutError from where the body breaks
 */
export async function* streamBody(
  answer: IncomingMessage,
  request: HttpRequest,
  deadlines: Deadlines,
): AsyncGenerator<Uint8Array, void, undefined> {
  const place = describeRequest(request);
  const { signal } = request;
  const end = (error: unknown) => answer.destroy(error instanceof Error ? error : new Error(String(error)));
  const abort = () => end(signal?.reason);
  // The first to fail is to blame: the others are destroyed with its error.
  let failure: Error | undefined;
  answer.on('error', (error) => (failure ??= networkError(request, error)));
  const blame = (cause: Error) =>
    (failure ??= new BodyError(`${place}: the body cannot be decompressed: ${messageOf(cause)}`, { cause }));
  signal?.addEventListener('abort', abort, { once: true });
  try {
    signal?.throwIfAborted();
    const pieces = decoded(answer, place, blame)[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    for (;;) {
      const deadline = deadlines.start(place, end);
      deadline.enter('body');
      const piece = await pieces.next().finally(() => deadline.stop());
      if (piece.done) return;
      yield piece.value;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw failure ?? error;
  } finally {
    signal?.removeEventListener('abort', abort);
    answer.destroy();
  }
}

const decoded = (answer: IncomingMessage, place: string, blame: (error: Error) => void): Readable => {
  const names = (answer.headers['content-encoding'] ?? '').toLowerCase().split(',').toReversed();
  const decoders = names
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
    .map((name) => {
      const make = DECODERS[name];
      if (!make) throw new BodyError(`${place}: the answer has the unknown content-encoding "${name}".`);
      return make().on('error', blame);
    });
  const last = decoders.at(-1);
  if (!last) return answer;
  // Each failure reaches the last stream, which is the one that is read.
  pipeline([answer, ...decoders], () => {});
  return last;
};
