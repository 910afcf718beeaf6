/** What a body reader reads: the whole body, e.g. `response.bytes()`, or its bytes as they arrive. */
export type Body = Uint8Array | AsyncIterable<Uint8Array>;

/** The most bytes looked at in one go: what a reader has found in them waits in memory to be taken. */
const PIECE = 64 * 1024;

/** The bytes of a body in pieces of at most `size` bytes; never an empty one. */
export async function* piecesOf(body: Body, size: number = PIECE): AsyncGenerator<Uint8Array, void, undefined> {
  if (body instanceof Uint8Array) {
    for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
  } else {
    for await (const chunk of body) yield* piecesOf(chunk, size);
  }
}

/** The whole body in one array; the body itself where it is one already. Not to be changed. */
export const wholeOf = async (body: Body): Promise<Uint8Array> => {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
};
