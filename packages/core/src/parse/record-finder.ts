import type { Buffer } from 'node:buffer';
import { isJsonObject } from '../protocol/json.ts';
import { Latin1Text } from './latin1-text.ts';
import { isBlank, scanRecords, type RecordRanges } from './record-scanner.ts';
import type { RecordsPath } from './records-path.ts';

/**
 * `scanRecords` for the common page at a fraction of its cost: `values` are the items of one array, all of them objects,
 * and no other array on the page after it or inside it has objects but as its first item.
 *
 * Then a `{` after a comma stands at each record but the first, and nowhere else. With n records there are at least n - 1
 * such places; if the rest of the page has no more than that, be they in strings or not, they are the records. Undefined
 * when there are more.
 */
export const findRecords = (
  bytes: Buffer,
  path: RecordsPath,
  values: readonly unknown[],
): RecordRanges | undefined => {
  const last = path.length - 1;
  if (last < 0 || path.findIndex((step) => step.kind === 'each') !== last) return undefined;
  if (values.length < 2 || !values.every(isJsonObject)) return undefined;
  return scanRecords(bytes, path, (first) => startsOfItems(bytes, first, values.length));
};

const startsOfItems = (bytes: Buffer, first: number, count: number): number[] | undefined => {
  const text = new Latin1Text(bytes);
  const starts = [first];
  for (let brace = text.indexOf('{', first + 1); brace >= 0; brace = text.indexOf('{', brace + 1)) {
    let before = brace - 1;
    while (isBlank(bytes[before]!)) before--;
    if (bytes[before] !== COMMA) continue;
    if (starts.length === count) return undefined;
    starts.push(brace);
  }
  return starts.length === count ? starts : undefined;
};

const COMMA = 0x2c;
