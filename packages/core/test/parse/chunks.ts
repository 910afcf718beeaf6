import type { Body } from '../../src/parse/body.ts';

/** The bytes of a text one by one: every chunk boundary there can be. */
export async function* bytewise(body: string | Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (const byte of Buffer.from(body)) yield Uint8Array.of(byte);
}

export const bytesOf = (body: string): Uint8Array => Buffer.from(body);

/** The same body in every way it can come: whole, byte by byte, in chunks of seven bytes, with empty chunks between. */
export const everyWay = (body: string | Uint8Array): Body[] => {
  const bytes = Buffer.from(body);
  async function* sevens() {
    for (let at = 0; at < bytes.length; at += 7) {
      yield bytes.subarray(at, at + 7);
      yield new Uint8Array(0);
    }
  }
  return [bytes, bytewise(bytes), sevens()];
};

export const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
};

/** What was read before the error, and the error. */
export const untilError = async <T>(items: AsyncIterable<T>): Promise<{ items: T[]; error: unknown }> => {
  const list: T[] = [];
  try {
    for await (const item of items) list.push(item);
  } catch (error) {
    return { items: list, error };
  }
  throw new Error('Nothing was thrown.');
};
