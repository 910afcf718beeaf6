import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import { CommandError } from '../command-error.ts';
import type { Samples } from './answer.ts';
import { fetchAnswer } from './fetch-answer.ts';
import { isHar, readHar } from './har.ts';
import { parseJsonText } from './json-text.ts';
import { pageUrlIn } from './page-url.ts';
import { cleanHeaders, withoutCredentials } from './credentials.ts';

/**
 * Reads one source: a URL, a file with a JSON body, a saved answer with its headers (`curl -i`), or a HAR file.
 *
 * @throws CommandError that names the source, the position and the remedy
 */
export const readSource = async (source: string, headers: Readonly<Record<string, string>>): Promise<Samples> => {
  if (/^https?:\/\//i.test(source)) return { answers: [await fetchAnswer(source, headers)], leftOut: [] };
  const text = await readText(source);
  const saved = headOf(text);
  if (saved && (saved.status < 200 || saved.status > 299)) {
    throw new CommandError(`${source}:1:1: the saved answer has status ${saved.status}. Save one that succeeded.`);
  }
  const contentType = saved?.headers['content-type'];
  const body = await parseJsonText({ label: source, text, from: saved?.length ?? 0, contentType });
  if (!saved && isHar(body)) return readHar(source, body);
  const address = pageUrlIn(body, saved?.headers ?? {});
  const url = address && withoutCredentials(address);
  return { answers: [{ label: source, url, name: nameOf(source), headers: saved?.headers ?? {}, body }], leftOut: [] };
};

const readText = async (file: string): Promise<string> => {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new CommandError(
      `${file}: cannot be read: ${String(cause)}. Give a URL that begins with http:// or https://, or the path of a file.`,
      { cause },
    );
  }
};

/** `issues-1.json` and `issues-2.json` are pages of one stream. */
const nameOf = (file: string): string =>
  basename(file)
    .replace(/(\.(json|txt|http|out|har))+$/i, '')
    .replace(/[-_. ]?(page)?[-_. ]?\d+$/i, '') || 'records';

interface Head {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Characters up to the body. */
  readonly length: number;
}

/** The head of the last answer in a text; there are several after a redirect. */
const headOf = (text: string): Head | undefined => {
  let found: Head | undefined;
  for (let at = 0; ;) {
    const match = /^\s*HTTP\/[\d.]+ (\d{3})[^\n]*\n((?:[^\r\n]+\r?\n)*)(?:\r?\n|$)/.exec(text.slice(at));
    if (match === null) return found;
    const [all, status, lines = ''] = match;
    at += all.length;
    found = { status: Number(status), headers: cleanHeaders(headersIn(lines)), length: at };
  }
};

const headersIn = (lines: string): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const line of lines.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
};
