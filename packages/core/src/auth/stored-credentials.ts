import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import type { Oauth2Tokens } from './oauth2-tokens.ts';

/** One credential as it stands in the file. */
interface Entry {
  readonly name: string;
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly expires_at?: string;
  readonly obtained_at?: string;
  /** Hashes of the refresh tokens of its chain by which configs know it, the one used last at the end. */
  readonly known_by: readonly string[];
}

/** What a token store holds, under keys that say nothing. */
export type Credentials = Readonly<Record<string, Entry>>;

interface Wanted {
  readonly name: string;
  readonly refreshToken?: string | undefined;
}

/** So many links of its chain a credential is known by. A config in use is always among them: each use renews its place. */
const MOST_KNOWN = 100;

export const readCredentials = (value: JsonObject): Credentials =>
  Object.fromEntries(Object.entries(value).filter((pair): pair is [string, Entry] => isEntry(pair[1])));

const isEntry = (value: unknown): value is Entry =>
  isJsonObject(value) &&
  typeof value['name'] === 'string' &&
  typeof value['access_token'] === 'string' &&
  Array.isArray(value['known_by']);

/** The tokens of a credential; undefined when it is not there, or the config has a refresh token of another login. */
export const findCredential = (credentials: Credentials, wanted: Wanted): Oauth2Tokens | undefined => {
  const [, entry] = entryOf(credentials, wanted) ?? [];
  if (!entry) return undefined;
  const { access_token: accessToken, refresh_token: refreshToken } = entry;
  return {
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(entry.expires_at !== undefined && { expiresAt: new Date(entry.expires_at) }),
    ...(entry.obtained_at !== undefined && { obtainedAt: new Date(entry.obtained_at) }),
  };
};

/** The credentials with the new tokens of one. */
export const withCredentialTokens = (credentials: Credentials, wanted: Wanted, tokens: Oauth2Tokens): Credentials => {
  const { name, refreshToken: configured } = wanted;
  const [key = hashOf(`${name}\n${configured ?? ''}`), before] = entryOf(credentials, wanted) ?? [];
  const { accessToken, refreshToken, expiresAt, obtainedAt } = tokens;
  const known = [
    ...(before?.known_by ?? []),
    ...[refreshToken, configured].flatMap((token) => (token ? hashOf(token) : [])),
  ];
  const entry: Entry = {
    name,
    access_token: accessToken,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(expiresAt && { expires_at: expiresAt.toISOString() }),
    ...(obtainedAt && { obtained_at: obtainedAt.toISOString() }),
    known_by: lastOfEach(known).slice(-MOST_KNOWN),
  };
  // The one written last stands last: where no refresh token is configured, it is the one that is meant.
  const { [key]: _before, ...others } = credentials;
  return { ...others, [key]: entry };
};

const entryOf = (credentials: Credentials, { name, refreshToken }: Wanted): [string, Entry] | undefined => {
  const known = refreshToken === undefined ? undefined : hashOf(refreshToken);
  return Object.entries(credentials).findLast(
    ([, entry]) => entry.name === name && (known === undefined || entry.known_by.includes(known)),
  );
};

const lastOfEach = (items: readonly string[]): string[] => items.filter((item, at) => items.lastIndexOf(item) === at);

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
