import { readFile } from 'node:fs/promises';

import { CommandError } from '../command-error.ts';
import type { JsonObject } from '../plan/plan.ts';
import { jsonErrorOffset } from '../types/json-error-offset.ts';
import { describe, isObject, textOf, type Description } from './description.ts';

/** Milliseconds for a description from the web. */
const PATIENCE = 60_000;

/**
 * Reads an OpenAPI 3.0 or 3.1 or a Swagger 2 description, JSON or YAML, from a file or from a URL.
 *
 * @throws CommandError with file, line and remedy
 */
export const readDescription = async (source: string): Promise<Description> => {
  const isUrl = /^https?:\/\//i.test(source);
  if (isUrl && !URL.canParse(source))
    throw new CommandError(`${source}: not a URL. Give the path or the URL of an OpenAPI description.`);
  const url = isUrl ? new URL(source) : undefined;
  const text = url === undefined ? await textOfFile(source) : await textOfUrl(url);
  const root = await parse(source, text.replace(/^\uFEFF/, ''));
  requireOpenApi(source, root);
  return describe(source, hasOutsideReference(root) ? await bundle(source, root) : root, url);
};

const textOfFile = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const why =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : `cannot be read: ${String(cause)}`;
    throw new CommandError(`${path}: ${why}. Give the path or the URL of an OpenAPI description.`, { cause });
  }
};

const textOfUrl = async (url: URL): Promise<string> => {
  const failed = (why: string, cause?: unknown) =>
    new CommandError(`${url.href}: ${why}. Save the description to a file and give its path.`, { cause });
  let answer;
  try {
    answer = await fetch(url, {
      headers: { accept: 'application/json, application/yaml, */*;q=0.8' },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.ok) return await answer.text();
  } catch (cause) {
    // The reason is a level deeper: at the top, `fetch` only says that it failed.
    const inner = Object((Object(cause) as Error).cause ?? cause) as Error;
    throw failed(`cannot be reached: ${inner.message || String(cause)}`, cause);
  }
  await answer.body?.cancel();
  throw failed(`the answer has status ${answer.status}`);
};

const parse = async (place: string, text: string): Promise<JsonObject> => {
  const document = /^\s*[{[]/.test(text) ? await parseJson(place, text) : await parseYaml(place, text);
  if (isObject(document)) return document;
  const seen = /^\s*<(!doctype|html)/i.test(text) ? 'This is a web page' : 'This is no object';
  throw new CommandError(`${place}:1:1: ${seen}. Give the description itself, as JSON or YAML.`);
};

/** YAML may begin with a brace too, so what is no JSON gets a second chance. */
const parseJson = async (place: string, text: string): Promise<unknown> => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!place.endsWith('.json')) return await parseYaml(place, text);
    const before = text.slice(0, jsonErrorOffset(text));
    const found = text.length === before.length ? 'the end of the file' : JSON.stringify(text[before.length]);
    const lines = before.split('\n');
    const column = (lines.at(-1)?.length ?? 0) + 1;
    throw new CommandError(
      `${place}:${lines.length}:${column}: not valid JSON: unexpected ${found}. Correct the description there.`,
      { cause },
    );
  }
};

const parseYaml = async (place: string, text: string): Promise<unknown> => {
  if (/^\s*</.test(text)) return undefined;
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { prettyErrors: true, merge: true });
  const [error] = document.errors;
  if (error === undefined) return document.toJS({ maxAliasCount: 10_000 });
  const [start] = error.linePos ?? [{ line: 1, col: 1 }];
  const [message = ''] = error.message.split(/ at line \d/);
  throw new CommandError(
    `${place}:${start.line}:${start.col}: not valid YAML: ${message}. Correct the description there.`,
    { cause: error },
  );
};

const requireOpenApi = (place: string, root: JsonObject): void => {
  const given = root['openapi'] ?? root['swagger'];
  // Unquoted in YAML, 2.0 is a number.
  const version = typeof given === 'number' ? given.toFixed(1) : textOf(given);
  const wanted = 'OpenAPI 3.0 and 3.1 and Swagger 2.0 are understood.';
  if (version === '') {
    const other = ['asyncapi', 'raml', 'info', 'data', 'item'].find((name) => name in root);
    const seen = Object.keys(root).slice(0, 5).join(', ') || 'nothing';
    throw new CommandError(
      `${place}: no OpenAPI description: it has no member "openapi" or "swagger", but ${other ?? seen}. ${wanted}` +
        ` For a sample answer of an API, use --from-response.`,
    );
  }
  if (!/^(3\.\d|2\.0|2$)/.test(version)) throw new CommandError(`${place}: OpenAPI ${version} is not known. ${wanted}`);
  if (!isObject(root['paths'])) {
    throw new CommandError(`${place}: the description has no "paths", so there is nothing to read records from.`);
  }
};

const hasOutsideReference = (root: JsonObject): boolean => {
  const seen = new Set<unknown>();
  const waiting: unknown[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (typeof node !== 'object' || node === null || seen.has(node)) continue;
    seen.add(node);
    const reference = (node as JsonObject)['$ref'];
    if (typeof reference === 'string' && !reference.startsWith('#')) return true;
    for (const value of Object.values(node)) if (typeof value === 'object' && value !== null) waiting.push(value);
  }
  return false;
};

const bundle = async (source: string, root: JsonObject): Promise<JsonObject> => {
  const { $RefParser } = await import('@apidevtools/json-schema-ref-parser');
  try {
    return (await $RefParser.bundle(source)) as unknown as JsonObject;
  } catch (cause) {
    const [message = ''] = String(cause instanceof Error ? cause.message : cause).split('\n');
    throw new CommandError(
      `${source}: a reference to another document cannot be followed: ${message}. ` +
        `Put the documents where the references say, or bundle them into one (${Object.keys(root).length} members were read).`,
      { cause },
    );
  }
};
