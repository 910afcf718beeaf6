import { readJsonStream } from '@headwater/core';

import { CommandError } from '../command-error.ts';
import { jsonErrorOffset } from '../types/json-error-offset.ts';

/** A JSON text within a source. */
export interface JsonText {
  /** The file or URL. */
  readonly label: string;
  readonly text: string;
  /** Where the JSON begins in the text. @default 0 */
  readonly from?: number;
  /** Of the answer, where it is known. */
  readonly contentType?: string | undefined;
}

/**
 * Parses a JSON text; numbers that a double would round stay exact.
 *
 * @throws CommandError with file, line and column, or with what the text is instead of JSON
 */
export const parseJsonText = async ({ label, text, from = 0, contentType }: JsonText): Promise<unknown> => {
  const json = text.slice(from);
  if (json.trim() === '') throw new CommandError(`${label}: the answer is empty. Give one that has records.`);
  try {
    for await (const value of readJsonStream(Buffer.from(json), '$')) return value;
  } catch {
    // Told below, with a position that people can go to.
  }
  throw new CommandError(describe({ label, text, from, contentType }, json));
};

const describe = ({ label, text, from = 0, contentType }: JsonText, json: string): string => {
  const other = otherKind(json);
  if (other !== undefined) return `${label}: the answer is ${other}, not JSON. ${REMEDY}`;
  const end = from + jsonErrorOffset(json);
  const lines = text.slice(0, end).split('\n');
  const place = `${label}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
  const type = contentType !== undefined && !/json/i.test(contentType) ? ` Its Content-Type is ${contentType}.` : '';
  if (end >= text.trimEnd().length) return `${place}: not valid JSON: it ends too early. Save the whole answer.${type}`;
  const lineByLine = /^\s*\{.*\}\s*\n\s*\{/.test(json) ? ' One document a line? Give one of them, or an array.' : '';
  return `${place}: not valid JSON: unexpected ${JSON.stringify(text[end])}.${lineByLine}${type} Correct the file, or save the answer again.`;
};

const REMEDY = 'Is a credential missing (--header "Authorization: Bearer …"), or is it the URL of a page for people?';

/** What a text is by the way it begins. */
const otherKind = (text: string): string | undefined => {
  const start = text.trimStart().slice(0, 4000);
  if (/^<(!doctype\s+html|html|head|body)\b/i.test(start)) {
    const title = /<title[^>]*>([^<]{1,80})/i.exec(start)?.[1]?.trim();
    const login = /sign[ -]?in|log[ -]?in|password/i.test(start) ? ' (a login page, by its looks)' : '';
    return `an HTML page${title === undefined ? '' : ` titled ${JSON.stringify(title)}`}${login}`;
  }
  if (start.startsWith('<')) return 'XML';
  // oxlint-disable-next-line no-control-regex -- They are what tells binary data.
  if (/[\u0000-\u0008\ufffd]/.test(start)) return 'binary data (compressed, perhaps: curl --compressed)';
  return undefined;
};
