import type { WireResponse } from '@headwater/core';

/** An answer whose body is read as it comes. */
export interface Streamed extends WireResponse {
  readonly body: AsyncIterable<Uint8Array>;
  readonly close: () => void;
}

/** The answer, with what was read of its body given to `keep` when its reader has had enough. */
export const copied = (answer: Streamed, keep: (bytes: Uint8Array) => void): Streamed => ({
  ...answer,
  body: copying(answer.body, keep),
});

async function* copying(body: AsyncIterable<Uint8Array>, keep: (bytes: Uint8Array) => void): AsyncIterable<Uint8Array> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      yield chunk;
    }
  } finally {
    keep(Buffer.concat(chunks));
  }
}

/** A recorded answer whose body is read as it comes: at once. */
export const streamedOf = (answer: WireResponse): Streamed => ({
  ...answer,
  bytes: new Uint8Array(0),
  body: inOnePiece(answer.bytes),
  close: () => {},
});

async function* inOnePiece(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
