import { excerpt, redact } from '../output/redact.ts';
import { mediaTypeOf } from './media-type.ts';
import type { WireResponse } from './types.ts';

const KEYS = [
  'message',
  'messages',
  'error_description',
  'error',
  'errors',
  'detail',
  'details',
  'title',
  'description',
  'failure',
  'failures',
  'reason',
  'status_message',
  'error_message',
  'err',
  'msg',
];

const MAX_BYTES = 64 * 1024;
const MAX_CHARS = 300;
const MAX_DEPTH = 6;

/** What the API itself says went wrong, out of a JSON, text or HTML error body, without secrets; undefined when it says nothing. */
export const errorTextOf = (response: WireResponse): string | undefined => {
  const text = Buffer.from(response.bytes.subarray(0, MAX_BYTES)).toString('utf8').trim();
  const said = spokenIn(parsed(text), 0) ?? plain(redact(text), mediaTypeOf(response));
  return said === '' ? undefined : excerpt(said, MAX_CHARS);
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const spokenIn = (value: unknown, depth: number): string | undefined => {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return undefined;
  const inner = Array.isArray(value) ? value : KEYS.map((key) => (value as Record<string, unknown>)[key]);
  const spoken = inner.map((item) => spokenIn(item, depth + 1)).filter((item) => item !== undefined && item !== '');
  return spoken.length === 0 ? undefined : Array.isArray(value) ? spoken.join('; ') : spoken[0];
};

const plain = (text: string, mediaType: string): string =>
  mediaType === 'application/json'
    ? ''
    : text
        .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ')
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim();
