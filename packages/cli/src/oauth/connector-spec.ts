import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { CommandError } from '../command-error.ts';
import { isJsonObject, type JsonObject } from '../types/read-document.ts';

const LONGEST_START = 60_000;
const LONGEST_SPEC = 64 * 1024 * 1024;

/**
 * The connector's main file: the one given, or what the `package.json` of the directory calls `main`, or `dist/main.js`.
 *
 * @throws CommandError when there is no such file
 */
export const findConnector = (given = '.'): string => {
  const path = isDirectory(given) ? join(given, mainOf(given) ?? join('dist', 'main.js')) : given;
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
  throw new CommandError(
    `${path}: there is no such file. Build the connector, or name its main file: headwater oauth login FILE.`,
  );
};

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const mainOf = (directory: string): string | undefined => {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    return isJsonObject(manifest) && typeof manifest['main'] === 'string' ? manifest['main'] : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Runs the connector's command `spec`.
 *
 * @throws CommandError when it fails or prints no SPEC message
 */
export const specOf = async (connector: string): Promise<JsonObject> => {
  const ran = await promisify(execFile)(process.execPath, [connector, 'spec'], {
    timeout: LONGEST_START,
    maxBuffer: LONGEST_SPEC,
  }).catch((failure: Failure) => failure);
  const messages = ran.stdout.split('\n').flatMap(parsed);
  if ('killed' in ran) {
    const why = ran.killed ? `did not end within ${LONGEST_START / 1000} s` : `ended with ${String(ran.code)}`;
    const said = messages.map(({ trace }) => errorOf(trace)).find((message) => message !== undefined);
    throw new CommandError(
      `${connector}: \`spec\` ${why}: ${said ?? ran.stderr.trim().split('\n').slice(-5).join('\n')}`,
    );
  }
  const spec = messages.find(({ type }) => type === 'SPEC')?.['spec'];
  if (isJsonObject(spec)) return spec;
  throw new CommandError(`${connector}: \`spec\` printed no SPEC message. Is this a connector?`);
};

/** What `execFile` throws. */
type Failure = { stdout: string; stderr: string; code?: unknown; killed: boolean };

const parsed = (line: string): JsonObject[] => {
  try {
    const message: unknown = JSON.parse(line);
    return isJsonObject(message) ? [message] : [];
  } catch {
    return [];
  }
};

const errorOf = (trace: unknown): string | undefined => {
  const error = isJsonObject(trace) ? trace['error'] : undefined;
  return isJsonObject(error) && typeof error['message'] === 'string' ? error['message'] : undefined;
};
