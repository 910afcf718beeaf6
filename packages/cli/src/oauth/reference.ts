import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { CommandError } from '../command-error.ts';

/** As a connector takes them; a second `$` before it takes a reference literally. */
const REFERENCE = /\$?\$\{(env|file|command):([^}]*)\}/g;
const ALLOW_COMMANDS = 'HEADWATER_ALLOW_COMMANDS';
const LONGEST_COMMAND = 30_000;

/** Whether a text of the config stands for something that is kept elsewhere. */
export const isReference = (text: string): boolean =>
  [...text.matchAll(REFERENCE)].some(([whole]) => !whole.startsWith('$$'));

/**
 * What a text of the config stands for once its references are resolved.
 *
 * @param where for messages: file and place
 * @throws CommandError when a reference leads to nothing
 */
export const resolveReferences = async (text: string, where: string): Promise<string> => {
  let result = '';
  let end = 0;
  for (const found of text.matchAll(REFERENCE)) {
    const [whole, kind = '', name = ''] = found;
    result += text.slice(end, found.index);
    end = found.index + whole.length;
    result += whole.startsWith('$$') ? whole.slice(1) : await valueOf(kind, name, `${where}: ${whole}`);
  }
  return result + text.slice(end);
};

const valueOf = async (kind: string, name: string, where: string): Promise<string> => {
  if (kind === 'env') {
    const value = process.env[name];
    if (value !== undefined) return value;
    throw new CommandError(`${where}: this environment variable is not set. Set it, or give the value in its place.`);
  }
  if (kind === 'file') {
    const text = await readFile(name, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw new CommandError(`${where}: the file cannot be read: ${cause.code}.`, { cause });
    });
    return withoutLineBreak(text);
  }
  if (process.env[ALLOW_COMMANDS] !== 'true') {
    throw new CommandError(`${where}: commands are not run unless ${ALLOW_COMMANDS} is "true".`);
  }
  const ran = await promisify(execFile)('sh', ['-c', name], { timeout: LONGEST_COMMAND }).catch(
    // No more of it is told: what it printed may be the secret.
    ({ code }: { readonly code?: unknown }) => new CommandError(`${where}: the command failed (${String(code)}).`),
  );
  if (ran instanceof CommandError) throw ran;
  return withoutLineBreak(ran.stdout);
};

const withoutLineBreak = (text: string): string => text.replace(/\r?\n$/, '');
