import { readFile } from 'node:fs/promises';
import { InputFileError, messageOf } from '../errors.ts';
import { withPosition } from '../parse/json-position.ts';
import { mayHoldLongNumber, parseLossless } from '../protocol/lossless-json.ts';

/**
 * Reads a JSON file the operator gave.
 *
 * @param role what the file is, for messages: `--config`, `--catalog`, `--state`
 * @throws InputFileError that names the file, and line and column of what is not JSON
 */
export const readJsonFile = async (role: string, path: string): Promise<unknown> => {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const why = REASONS[cause.code ?? ''] ?? `cannot be read: ${messageOf(cause)}`;
    throw new InputFileError(`${role} ${path}: ${why}`, { cause });
  });
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  try {
    return mayHoldLongNumber(bytes) ? parseLossless(text) : JSON.parse(text);
  } catch (cause) {
    // The parser's own message may quote the text, which may hold secrets: the place says enough.
    throw new InputFileError(`${role} ${path}: not valid JSON at ${placeOf(withPosition(cause, text), text)}.`);
  }
};

/** Whether the file has nothing in it: what some platforms give for "no state". */
export const isEmptyFile = async (path: string): Promise<boolean> => {
  const bytes = await readFile(path).catch(() => undefined);
  return bytes !== undefined && bytes.toString('utf8').trim() === '';
};

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; expected one with a JSON document.',
  EISDIR: 'this is a folder; expected a file with a JSON document.',
  EACCES: 'no permission to read it.',
};

const placeOf = (error: unknown, text: string): string => {
  const position = /position (\d+)/.exec(messageOf(error))?.[1];
  if (position === undefined && text.trim() === '') return 'line 1: the file is empty';
  const before = text.slice(0, position === undefined ? text.length : Number(position));
  const lines = before.split('\n');
  const place = `line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
  return position === undefined ? `${place}: the text ends too early` : place;
};
