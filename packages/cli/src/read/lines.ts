import type { Readable } from 'node:stream';

/** The lines of a stream of UTF-8, without their ends. Only `\n` ends a line: JSON text may hold the other separators. */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let begun: string[] = [];
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    const [first = '', ...rest] = String(chunk).split('\n');
    begun.push(first);
    if (rest.length === 0) continue;
    yield begun.join('');
    begun = [rest.pop() ?? ''];
    yield* rest;
  }
  const last = begun.join('');
  if (last !== '') yield last;
}
