import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { InputFileError, messageOf } from '../errors.ts';
import { registerSecret } from '../output/redact.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';

/** A config with its references replaced by what they stand for. */
export interface ResolvedConfig {
  readonly document: unknown;
  /** Puts references back where a changed config still has what they stood for: a saved config keeps no secret in clear. */
  restore(changed: JsonObject): JsonObject;
}

/** The environment variable that allows `${command:…}`. */
export const ALLOW_COMMANDS = 'HEADWATER_ALLOW_COMMANDS';

/** A second `$` before it takes a reference literally. */
const REFERENCE = /\$?\$\{(env|file|command):([^}]*)\}/g;
const LONGEST_COMMAND = 30_000;

/**
 * Replaces `${env:NAME}`, `${file:/path}` and, where `HEADWATER_ALLOW_COMMANDS` is `true`, `${command:…}` in the texts of
 * a config: by the environment variable, by the content of the file, by what the shell command prints, the latter two
 * without the line break at their end. What they stand for is a secret from then on.
 *
 * @param place for messages: `--config FILE`
 * @throws InputFileError that names the place of a reference to nothing, or of a command that fails or is not allowed
 */
export const resolveReferences = async (
  document: unknown,
  place: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ResolvedConfig> => {
  const references = new Map<string, { readonly text: string; readonly value: string }>();

  const resolveText = async (text: string, pointer: string): Promise<string> => {
    let result = '';
    let end = 0;
    for (const found of text.matchAll(REFERENCE)) {
      const [whole, kind = '', name = ''] = found;
      result += text.slice(end, found.index);
      end = found.index + whole.length;
      if (whole.startsWith('$$')) {
        result += whole.slice(1);
        continue;
      }
      const value = await SOURCES[kind]!(name, env).catch((cause: unknown) => {
        throw new InputFileError(`${place}, ${pointer}: \${${kind}:${name}}: ${messageOf(cause)}`, { cause });
      });
      if (value !== '') registerSecret(value);
      result += value;
    }
    result += text.slice(end);
    if (result !== text) references.set(pointer, { text, value: result });
    return result;
  };
  const resolve = async (value: unknown, pointer: string): Promise<unknown> => {
    if (typeof value === 'string') return resolveText(value, pointer);
    if (Array.isArray(value)) return Promise.all(value.map((item, index) => resolve(item, `${pointer}/${index}`)));
    if (!isJsonObject(value)) return value;
    const entries = Object.entries(value).map(
      async ([key, item]) => [key, await resolve(item, `${pointer}/${escaped(key)}`)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  };
  const restore = (value: unknown, pointer: string): unknown => {
    const reference = references.get(pointer);
    if (reference) return value === reference.value ? reference.text : value;
    if (Array.isArray(value)) return value.map((item, index) => restore(item, `${pointer}/${index}`));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, restore(item, `${pointer}/${escaped(key)}`)]),
    );
  };

  const resolved = await resolve(document, '');
  return { document: resolved, restore: (changed) => restore(changed, '') as JsonObject };
};

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

const SOURCES: Readonly<Record<string, (name: string, env: NodeJS.ProcessEnv) => Promise<string>>> = {
  env: async (name, env) => {
    const value = env[name];
    if (value === undefined) throw new Error('the environment has no such variable. Set it, or correct the name.');
    return value;
  },
  file: async (path) => {
    const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'ENOENT' ? 'there is no such file.' : `it cannot be read (${cause.code}).`;
      throw new Error(why, { cause });
    });
    return withoutLineBreak(text);
  },
  command: async (command, env) => {
    if (env[ALLOW_COMMANDS] !== 'true') {
      throw new Error(`commands are not run unless the environment has ${ALLOW_COMMANDS}=true.`);
    }
    const ran = await promisify(execFile)('sh', ['-c', command], { env, timeout: LONGEST_COMMAND }).then(
      ({ stdout }) => stdout,
      // No more of it is told: what it printed may be a secret, half of one, or how to get it.
      ({ code, killed }: { readonly code?: number | string; readonly killed?: boolean }) =>
        new Error(killed ? `it took longer than ${LONGEST_COMMAND / 1000} s.` : `it failed with exit code ${code}.`),
    );
    if (ran instanceof Error) throw ran;
    return withoutLineBreak(ran);
  },
};

const withoutLineBreak = (text: string): string => text.replace(/\r?\n$/, '');
