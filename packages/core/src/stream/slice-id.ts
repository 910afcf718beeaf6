import { hash } from 'node:crypto';
import { isJsonObject } from '../protocol/json.ts';
import { stringifyJson } from '../protocol/lossless-json.ts';
import type { Slice } from './slice.ts';

/** The same text for the same slice, in whatever order its keys come. */
export const sliceKey = (slice: Slice): string => stringifyJson(sorted(slice));

/** A short name of a slice that is the same in every sync and on every machine: 16 characters, from SHA-256. */
export const sliceId = (slice: Slice): string => hash('sha256', sliceKey(slice), 'base64url').slice(0, 16);

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
};
