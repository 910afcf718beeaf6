import { readFileSync } from 'node:fs';

import { parseDocument } from 'yaml';

import { CommandError } from '../command-error.ts';
import { jsonErrorOffset } from './json-error-offset.ts';

export type JsonObject = { [key: string]: unknown };

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads a JSON or YAML file that holds one object.
 *
 * @throws CommandError with file, line and column of what is wrong
 */
export const readDocument = (path: string): JsonObject => {
  const text = readText(path).replace(/^\uFEFF/, '');
  const document = path.endsWith('.json') ? parseJson(path, text) : parseYaml(path, text);
  if (isJsonObject(document)) return document;
  throw new CommandError(`${path}: expected an object.`);
};

const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CommandError(`${path}: cannot be read: ${String(cause)}.`, { cause });
  }
};

const parseJson = (path: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const before = text.slice(0, jsonErrorOffset(text));
    const found = text.length === before.length ? 'the end of the file' : JSON.stringify(text[before.length]);
    const lines = before.split('\n');
    const column = (lines.at(-1)?.length ?? 0) + 1;
    throw new CommandError(`${path}:${lines.length}:${column}: not valid JSON: unexpected ${found}.`, { cause });
  }
};

const parseYaml = (path: string, text: string): unknown => {
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error === undefined) return document.toJS();
  const [start] = error.linePos ?? [{ line: 1, col: 1 }];
  const [message = ''] = error.message.split(/ at line \d/);
  throw new CommandError(`${path}:${start.line}:${start.col}: not valid YAML: ${message}.`, { cause: error });
};
