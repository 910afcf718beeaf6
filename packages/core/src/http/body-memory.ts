import type { MessagePort } from 'node:worker_threads';

/**
 * The memory of bodies. Node hands out each piece of an answer in memory of its own, which the collector frees late,
 * since its own heap does not grow by it, and which leaves holes behind that nothing else fits in: see decision 18.
 */

/** Smaller bodies stand in a pool of Node's; larger ones are worth memory of their own. */
const SMALLEST = 8 * 1024;
const LARGEST = 256 * 1024;

/** What the system gives and takes back as a whole. */
const BLOCK_BYTES = 1024 * 1024;

/** Makes one body of the pieces of an answer, and gives the memory of the pieces back: they are empty afterwards. */
export const bodyJoiner = (): ((pieces: readonly Uint8Array[], size: number) => Uint8Array) => {
  let block = new ArrayBuffer(0);
  let used = 0;

  const memoryFor = (size: number): Uint8Array => {
    if (size > LARGEST) return Buffer.allocUnsafeSlow(size);
    if (used + size > block.byteLength) {
      block = new ArrayBuffer(BLOCK_BYTES);
      used = 0;
    }
    const memory = Buffer.from(block, used, size);
    used += size;
    return memory;
  };

  return (pieces, size) => {
    if (size < SMALLEST) return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, size);
    const body = memoryFor(size);
    let at = 0;
    for (const piece of pieces) {
      body.set(piece, at);
      at += piece.length;
      giveBack(piece);
    }
    return body;
  };
};

/** What is transferred to a port whose other end is closed belongs to nobody: it is freed at once. */
const nobody = (): MessagePort => {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  port1.unref();
  return port1;
};

let port: MessagePort | undefined;

const giveBack = ({ buffer, byteLength }: Uint8Array): void => {
  // Another piece may stand in the same memory.
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength !== byteLength) return;
  (port ??= nobody()).postMessage(undefined, [buffer]);
};
