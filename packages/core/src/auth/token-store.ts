import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { HeadwaterError, InputFileError, messageOf } from '../errors.ts';
import { isJsonObject } from '../protocol/json.ts';
import { withFileLock } from './file-lock.ts';
import type { Oauth2Tokens } from './oauth2-tokens.ts';
import { findCredential, readCredentials, withCredentialTokens, type Credentials } from './stored-credentials.ts';
import { hide } from './secret.ts';

/** The environment variable that names a token store for all credentials; `--token-store PATH` sets it. */
export const TOKEN_STORE_VARIABLE = 'HEADWATER_TOKEN_STORE';

/** Which credential of a store is meant. */
export interface StoredCredential {
  /** The same for all who share it; anything that is no secret. */
  readonly name: string;
  /** The refresh token of the config, with which a chain of rotated ones began, or from its middle. */
  readonly refreshToken?: string | undefined;
}

/**
 * A file of tokens that connectors share, readable by its user only (0600).
 *
 * Where an authorization server gives a new refresh token for each one used, two processes with the same credential would
 * make each other's token worthless. With a store they take turns: whoever wants a new token waits for the other, finds
 * what that one got, and uses it. Beside the file stand lock files, `<path>….lock`, while somebody refreshes.
 *
 * @example
 * const tokenStore = TokenStore.open('/var/lib/headwater/tokens.json');
 */
export class TokenStore {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = resolve(path);
  }

  /** The store at a path. Nothing is read or written before it is used; the file and its folder are made then. */
  static open(path: string): TokenStore {
    return new TokenStore(path);
  }

  /**
   * Calls `change` with the tokens there are, while no other process or object does, and keeps what it returns. Returns
   * when that is on the disk.
   *
   * @throws InputFileError when the file cannot be read, written or locked; and what `change` throws
   */
  async update(
    credential: StoredCredential,
    change: (stored: Oauth2Tokens | undefined) => Promise<Oauth2Tokens>,
  ): Promise<Oauth2Tokens> {
    try {
      const path = await this.#place();
      return await withFileLock(`${path}.${digest(credential.name)}.lock`, async () => {
        const stored = findCredential(await load(path), credential);
        if (stored) hideAll(stored);
        const tokens = await change(stored);
        if (tokens === stored) return tokens;
        hideAll(tokens);
        // Credentials of other names are refreshed at the same time.
        await withFileLock(`${path}.lock`, async () => {
          await save(path, withCredentialTokens(await load(path), credential, tokens));
        });
        return tokens;
      });
    } catch (error) {
      // Only the file system has codes of its own; what `change` throws is not ours to name.
      if (error instanceof HeadwaterError || !isFileError(error)) throw error;
      throw new InputFileError(
        `The token store ${this.#path} cannot be used: ${messageOf(error)} Give a path that can be written.`,
        { cause: error },
      );
    }
  }

  /** The path by which all its users lock it. */
  async #place(): Promise<string> {
    const folder = dirname(this.#path);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return realpath(this.#path).catch(async () => join(await realpath(folder), basename(this.#path)));
  }
}

const isFileError = (error: unknown): boolean => typeof error === 'object' && error !== null && 'syscall' in error;

const hideAll = ({ accessToken, refreshToken }: Oauth2Tokens): void => {
  hide(accessToken);
  hide(refreshToken);
};

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

const load = async (path: string): Promise<Credentials> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  if (text.trim() === '') return {};
  const value = parsed(text);
  if (!isJsonObject(value) || value['version'] !== 1 || !isJsonObject(value['credentials'])) {
    throw new InputFileError(
      `The token store ${path} is not one: it does not hold {"version":1,"credentials":{…}}. Give another path, or ` +
        `remove the file and log in again.`,
    );
  }
  return readCredentials(value['credentials']);
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The new file takes the place of the old one at once and whole, after it is on the disk. */
const save = async (path: string, credentials: Credentials): Promise<void> => {
  const draft = `${path}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify({ version: 1, credentials }, undefined, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
};
