import { createHash, randomBytes } from 'node:crypto';

/** Who answers a challenge. */
export interface DigestUser {
  readonly username: string;
  readonly password: string;
}

/** What of a request a digest is about. */
export interface DigestRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly uri: string;
  readonly body: string | Uint8Array;
}

const HASHES: ReadonlyMap<string, string> = new Map([
  ['MD5', 'md5'],
  ['SHA-256', 'sha256'],
  ['SHA-512-256', 'sha512-256'],
]);

/** A challenge of the API (RFC 7616, section 3.3), and how often it was answered. */
export class DigestChallenge {
  readonly #params: ReadonlyMap<string, string>;
  readonly #hash: string;
  readonly #nonce: string;
  // One for all answers to this nonce: a `-sess` key is made of the first.
  readonly #cnonce = randomBytes(16).toString('hex');
  #count = 0;

  constructor(params: ReadonlyMap<string, string>, hash: string, nonce = params.get('nonce') ?? '') {
    this.#params = params;
    this.#hash = hash;
    this.#nonce = nonce;
  }

  /** Whether the API says that only the nonce was too old, not that the password was wrong. */
  get stale(): boolean {
    return this.#params.get('stale')?.toLowerCase() === 'true';
  }

  /** The same challenge with the nonce the API wants next, when an `Authentication-Info` header names one. */
  after(authenticationInfo: string | undefined): DigestChallenge {
    const next = authenticationInfo === undefined ? undefined : paramsIn(authenticationInfo).get('nextnonce');
    return next === undefined ? this : new DigestChallenge(this.#params, this.#hash, next);
  }

  /** The `authorization` header of a request. */
  answer({ username, password }: DigestUser, { method, uri, body }: DigestRequest): string {
    const [realm = '', algorithm, opaque] = ['realm', 'algorithm', 'opaque'].map((name) => this.#params.get(name));
    const [nonce, cnonce] = [this.#nonce, this.#cnonce];
    const count = (++this.#count).toString(16).padStart(8, '0');
    const qop = this.#qop();

    const user = this.#digest(`${username}:${realm}:${password}`);
    const key = algorithm?.toLowerCase().endsWith('-sess') ? this.#digest(`${user}:${nonce}:${cnonce}`) : user;
    const what = this.#digest(`${method}:${uri}${qop === 'auth-int' ? `:${this.#digest(body)}` : ''}`);
    const response = this.#digest(
      qop === undefined ? `${key}:${nonce}:${what}` : `${key}:${nonce}:${count}:${cnonce}:${qop}:${what}`,
    );

    const hashed = this.#params.get('userhash')?.toLowerCase() === 'true';
    const fields = [
      hashed ? `username="${this.#digest(`${username}:${realm}`)}"` : nameField(username),
      `realm=${quoted(realm)}`,
      `nonce=${quoted(nonce)}`,
      `uri=${quoted(uri)}`,
      `response="${response}"`,
      ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
      ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
      ...(qop === undefined ? [] : [`qop=${qop}`, `nc=${count}`]),
      ...(qop === undefined && key === user ? [] : [`cnonce="${cnonce}"`]),
      ...(hashed ? ['userhash=true'] : []),
    ];
    return `Digest ${fields.join(', ')}`;
  }

  /** `auth` where it will do, `auth-int` where nothing else is offered, none for the oldest servers. */
  #qop(): 'auth' | 'auth-int' | undefined {
    const offered = (this.#params.get('qop') ?? '').toLowerCase().split(/[\s,]+/);
    return offered.includes('auth') ? 'auth' : offered.includes('auth-int') ? 'auth-int' : undefined;
  }

  #digest(text: string | Uint8Array): string {
    return createHash(this.#hash).update(text).digest('hex');
  }
}

/** The first Digest challenge of a `www-authenticate` header with a hash known here, as the API prefers them. */
export const challengeIn = (header = ''): DigestChallenge | undefined => {
  for (const params of challengesIn(header)) {
    const hash = HASHES.get((params.get('algorithm') ?? 'MD5').toUpperCase().replace(/-SESS$/, ''));
    if (hash !== undefined && params.has('nonce')) return new DigestChallenge(params, hash);
  }
  return undefined;
};

/** A name, and its value where it has one: without one it is a scheme that begins a challenge. */
const PART = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,]+))?/g;

const challengesIn = (header: string): readonly ReadonlyMap<string, string>[] => {
  const digests: Map<string, string>[] = [];
  let current: Map<string, string> | undefined;
  for (const [, name = '', value] of header.matchAll(PART)) {
    if (value !== undefined) current?.set(name.toLowerCase(), unquoted(value));
    else if (name.toLowerCase() === 'digest') digests.push((current = new Map()));
    else current = undefined;
  }
  return digests;
};

const paramsIn = (header: string): ReadonlyMap<string, string> =>
  new Map([...header.matchAll(PART)].map(([, name = '', value = '']) => [name.toLowerCase(), unquoted(value)]));

const unquoted = (value: string): string =>
  value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;

const quoted = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`;

/** Beyond ASCII a name is written as RFC 8187 has it. */
const nameField = (username: string): string =>
  /^[\x20-\x7e]*$/.test(username)
    ? `username=${quoted(username)}`
    : `username*=UTF-8''${encodeURIComponent(username).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)}`;
