import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { parseLossless, stringifyJson } from '@headwater/core';
import { CassetteError } from './cassette-error.ts';
import type { Content } from './format.ts';
import type { Redactor } from './redactor.ts';

type Body = string | Uint8Array;

/** A body as it may be written down: JSON as its value, with exact numbers, any other text as text, else bytes. */
export const contentOf = (body: Body | undefined, mediaType: string, redactor: Redactor): Content => {
  if (body === undefined || body.length === 0) return {};
  const text = typeof body === 'string' ? body : textOf(body);
  if (text === undefined) return binaryContent(body as Uint8Array, redactor);
  const json = jsonIn(text);
  if (json !== undefined) {
    const value = redactor.json(json);
    // What is spread over several values, such as a list of bytes, is only known in the whole.
    if (redactor.isClean(stringifyJson(value))) return { json: value };
    return { text: redactor.masked(stringifyJson(value)) };
  }
  if (mediaType === 'application/x-www-form-urlencoded') return { text: redactor.form(text) };
  return { text: redactText(text, redactor) };
};

/** The bytes that were there, but for what was replaced. */
export const bytesOf = ({ json, text, bytes, omitted }: Content, place: string): Uint8Array => {
  if (omitted !== undefined) throw new CassetteError(`${place}: the cassette does not have its body: ${omitted}.`);
  if (json !== undefined) return Buffer.from(stringifyJson(json));
  return text === undefined ? Buffer.from(bytes ?? '', 'base64') : Buffer.from(text);
};

/** UTF-16 may pass for UTF-8, and no secret would be seen in it. */
const textOf = (bytes: Uint8Array): string | undefined =>
  isUtf8(bytes) && !bytes.includes(0) ? Buffer.from(bytes).toString() : undefined;

/** An object or array; undefined for what is none, or nested more deeply than can be written. */
const jsonIn = (text: string): unknown => {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value = parseLossless(text);
    stringifyJson(value);
    return value;
  } catch {
    return undefined;
  }
};

/** JSON lines and server-sent events line by line, then all as a text. */
const redactText = (text: string, redactor: Redactor): string => {
  const lines = text.replace(/^(data: ?)?([[{].*[\]}])(?=[ \t\r]*$)/gm, (line: string, prefix = '', json: string) => {
    const value = jsonIn(json);
    return value === undefined ? line : `${prefix}${stringifyJson(redactor.json(value))}`;
  });
  return redactor.text(lines);
};

/** What cannot be read as text is searched in other ways of reading it; where a secret is found, nothing is kept. */
const binaryContent = (body: Uint8Array, redactor: Redactor): Content => {
  const bytes = Buffer.from(body);
  const views = [bytes.toString('latin1'), bytes.toString('utf16le'), bytes.subarray(1).toString('utf16le')];
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) views.push(unpacked(bytes));
  const base64 = bytes.toString('base64');
  if ([...views, swapped(bytes), base64].every((view) => redactor.isClean(view))) return { bytes: base64 };
  return { omitted: 'it held a secret among bytes that are no text' };
};

/** UTF-16 in the other order of bytes. */
const swapped = (bytes: Buffer): string =>
  Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
    .swap16()
    .toString('utf16le');

const unpacked = (bytes: Buffer): string => {
  try {
    return gunzipSync(bytes, { maxOutputLength: 64 * 1024 * 1024 }).toString();
  } catch {
    return '';
  }
};
