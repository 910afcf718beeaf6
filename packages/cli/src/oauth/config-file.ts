import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { CommandError } from '../command-error.ts';
import { jsonErrorOffset } from '../types/json-error-offset.ts';
import { isJsonObject, type JsonObject } from '../types/read-document.ts';
import { setInJson } from './json-edit.ts';
import { isReference, resolveReferences } from './reference.ts';

/** A value and where in the config it belongs. */
export interface Entry {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** The config that a login reads and completes. */
export class ConfigFile {
  readonly #path: string;
  readonly #document: JsonObject;

  private constructor(path: string, document: JsonObject) {
    this.#path = path;
    this.#document = document;
  }

  /**
   * Reads the file; one that is not there yet is an empty config.
   *
   * @throws CommandError when it holds no JSON object, or could not be written later
   */
  static async open(path: string): Promise<ConfigFile> {
    const target = await targetOf(path);
    const { document } = await read(target, path);
    await access(dirname(target), constants.W_OK).catch((cause: NodeJS.ErrnoException) => {
      throw new CommandError(`${path}: cannot be written: the directory gives ${cause.code}.`, { cause });
    });
    return new ConfigFile(path, document);
  }

  /** The value at a place as it stands in the file, references included. */
  raw(path: readonly string[]): unknown {
    return path.reduce<unknown>((value, step) => (isJsonObject(value) ? value[step] : undefined), this.#document);
  }

  /**
   * The text at a place with its references resolved; `undefined` when there is none or an empty one.
   *
   * @throws CommandError when a reference leads to nothing
   */
  async text(path: readonly string[]): Promise<string | undefined> {
    const value = this.raw(path);
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    if (typeof value !== 'string' || value === '') return undefined;
    return resolveReferences(value, `${this.#path}, ${path.join('.')}`);
  }

  holdsReference(path: readonly string[]): boolean {
    const value = this.raw(path);
    return typeof value === 'string' && isReference(value);
  }

  /** @throws CommandError when something other than an object stands on the way to a place */
  checkPlace(path: readonly string[]): void {
    for (let depth = 1; depth < path.length; depth += 1) {
      const value = this.raw(path.slice(0, depth));
      if (value === undefined || value === null || isJsonObject(value)) continue;
      const place = path.slice(0, depth).join('.');
      throw new CommandError(`${this.#path}, ${place}: expected an object, in which ${path.join('.')} can be put.`);
    }
  }

  /**
   * Puts the values in the file as it is by now, for its owner's eyes only, in one step: whoever reads it meanwhile finds
   * the old file or the new one. What was there besides keeps its every character.
   *
   * @throws CommandError
   */
  async write(entries: readonly Entry[]): Promise<void> {
    const target = await targetOf(this.#path);
    const { text } = await read(target, this.#path);
    const changed = entries.reduce((result, { path, value }) => setInJson(result, path, value), text);
    const draft = join(dirname(target), `.${randomBytes(8).toString('hex')}.tmp`);
    try {
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(changed.endsWith('\n') ? changed : `${changed}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, target);
    } catch (cause) {
      await rm(draft, { force: true });
      throw new CommandError(`${this.#path}: cannot be written: ${(cause as NodeJS.ErrnoException).code}.`, { cause });
    }
  }
}

/** A link stays a link: what it points to is written. */
const targetOf = (path: string): Promise<string> => realpath(path).catch(() => path);

const read = async (target: string, path: string): Promise<{ text: string; document: JsonObject }> => {
  const text = await readFile(target, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return '{}\n';
    throw new CommandError(`${path}: cannot be read: ${cause.code}.`, { cause });
  });
  const document = parse(text, path);
  if (isJsonObject(document)) return { text, document };
  throw new CommandError(`${path}: expected a JSON object, the config of the connector.`);
};

const parse = (text: string, path: string): unknown => {
  const body = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(body);
  } catch {
    // The parser's own message may quote the text, which may hold secrets: the place says enough.
    const lines = body.slice(0, jsonErrorOffset(body)).split('\n');
    throw new CommandError(`${path}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}: not valid JSON.`);
  }
};
