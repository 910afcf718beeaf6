import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseLossless } from '@headwater/core';
import { CassetteError } from './cassette-error.ts';
import type { Cassette } from './format.ts';
import { prettyJson } from './pretty-json.ts';

/** @throws CassetteError when the file is there and cannot be read, or is no cassette */
export const readCassette = (path: string): Cassette | undefined => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CassetteError(`The cassette ${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
  try {
    const value = parseLossless(text) as Cassette;
    if (value.cassette === 1 && Array.isArray(value.interactions)) return value;
  } catch (cause) {
    throw new CassetteError(`The cassette ${path} is no JSON. Delete it and record again.`, { cause });
  }
  throw new CassetteError(`${path} is no cassette of this version of the kit. Delete it and record again.`);
};

/** Names of the files in a folder of cassettes. None where there is no folder. */
export const cassetteFiles = (directory: string): string[] => {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .map((name) => join(directory, name));
  } catch {
    return [];
  }
};

/** Synchronous, so that it can be the last act of a process; a kill in the middle leaves the file that was there. */
export const writeCassette = (path: string, cassette: Cassette): void => {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, `${prettyJson(cassette)}\n`);
    renameSync(temporary, path);
  } catch (cause) {
    throw new CassetteError(`The cassette ${path} cannot be written: ${messageOf(cause)}`, { cause });
  }
};

const messageOf = (error: unknown): string => (error instanceof Error ? `${error.message}.` : String(error));
