import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { RawRecords } from '../parse/json-page.ts';
import { stringifyJson } from '../protocol/lossless-json.ts';
import type { Page } from './page.ts';

/**
 * Counts how often in a row the same records came. It answers for each page: 1 for other records than those of the page
 * before, 2 for the same a second time, and so on; 0 for a page without records.
 *
 * No page is kept alive for that: the mark of a page is made of a few of its bytes, and only where two marks in a row
 * are the same is a digest made of all the records.
 */
export const sameRecordsCounter = (): ((page: Page) => number) => {
  let mark: string | undefined;
  let digest: string | undefined;
  let times = 0;

  return (page) => {
    const [markBefore, digestBefore] = [mark, digest];
    mark = markOf(page);
    digest = undefined;
    if (page.count === 0) return (times = 0);
    if (mark === undefined || mark !== markBefore) return (times = 1);
    digest = digestOf(page);
    return (times = digestBefore === undefined || digest === digestBefore ? times + 1 : 1);
  };
};

/** Undefined where the records cannot be told from others: they are no JSON, and writing them will say so. */
const markOf = (page: Page): string | undefined => {
  const { count, raw } = page;
  if (count === 0) return undefined;
  if (raw === undefined) return textOf([count, page.values[0]]);
  const bytes = bytesOf(raw);
  return `${count}:${bytes.length}:${bytes.toString('latin1', 0, EDGE)}${bytes.toString('latin1', bytes.length - EDGE)}`;
};

const digestOf = (page: Page): string | undefined => {
  const content = page.raw ? bytesOf(page.raw) : textOf(page.values);
  return content === undefined ? undefined : createHash('sha256').update(content).digest('base64');
};

/** Bytes at either end of the records that are part of the mark. */
const EDGE = 256;

/** From the first record to the last; what stands around them, such as the token of the next page, may differ. */
const bytesOf = ({ bytes, starts, ends, count }: RawRecords): Buffer => {
  const first = starts[0] ?? 0;
  return Buffer.from(bytes.buffer, bytes.byteOffset + first, (ends[count - 1] ?? first) - first);
};

const textOf = (value: unknown): string | undefined => {
  try {
    return stringifyJson(value);
  } catch {
    return undefined;
  }
};
