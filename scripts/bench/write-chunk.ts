import { once } from 'node:events';

/** Hands a large piece to stdout and waits while the reader is behind. */
export const writeChunk = async (chunk: string | Uint8Array): Promise<void> => {
  if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
};
