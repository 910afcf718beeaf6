import type { JsonObject } from '../plan/plan.ts';
import { isJsonObject } from '../types/read-document.ts';
import { withoutCredentials } from './credentials.ts';
import { EMAIL, formatOf, type Format } from './formats.ts';
import { isExactFraction } from './shape.ts';

const SECRET_KEY =
  /(^|_)(token|secret|password|passwd|passphrase|api_?key|apikey|access_?key|private_?key|credentials?|authorization|session_?id|signature|cookie|pin|ssn|iban)$/;
const PHONE_KEY = /(^|_)(phone|mobile|tel|telephone|fax|cell)(_?(number|no))?$/;
const PHONE = /^\+\d[\d ()./-]{6,18}\d$/;
const KNOWN_TOKEN =
  /\b(eyJ[\w-]{8,}\.[\w-]+\.[\w-]*|gh[pousr]_\w{16,}|github_pat_\w{16,}|(?:sk|pk|rk|whsec)_\w{12,}|xox[abposr]-[\w-]{8,}|(?:AKIA|ASIA)[A-Z0-9]{16}|glpat-[\w-]{16,}|ya29\.[\w-]{16,})/g;
const EMAIL_WITHIN = /[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9-]+\.)+[a-z0-9-]*[a-z0-9]/gi;
const URL_WITHIN = /\bhttps?:\/\/[^\s"'<>]+/gi;
/** The first digits of an integer that a double would round are cut off in examples: as many as these remain. */
const DIGITS = 10n ** 15n;

/**
 * Replaces what looks like a credential or a person's address in sample records: the same value by the same one, so that
 * keys stay unique and references hold. What replaces a value has its type and its format.
 */
export class Redactor {
  readonly #replaced = new Map<string, string>();
  /** What has been replaced so far: kinds, each with how many different values. */
  readonly counts = new Map<string, number>();

  record(record: JsonObject): JsonObject {
    return this.#object(record);
  }

  /** A text on its own, e.g. a value in a path. */
  text(text: string): string {
    return this.#text('', text);
  }

  #value(key: string, value: unknown): unknown {
    if (typeof value === 'string') return this.#text(key, value);
    if (typeof value === 'bigint')
      return this.#count('integer beyond 2^53', String(value), () => String(value % DIGITS), Number);
    if (
      typeof value === 'number' &&
      PHONE_KEY.test(snake(key)) &&
      Math.abs(value) > 999_999 &&
      Number.isInteger(value)
    ) {
      return this.#count('phone number', String(value), (number) => `1555${String(number).padStart(7, '0')}`, Number);
    }
    if (isExactFraction(value)) return Number(value.toString());
    if (Array.isArray(value)) return value.map((item) => this.#value(key, item));
    return isJsonObject(value) ? this.#object(value) : value;
  }

  #object(object: JsonObject): JsonObject {
    return Object.fromEntries(
      Object.entries(object).map(([key, value]) => [this.#text('', key), this.#value(key, value)]),
    );
  }

  #text(key: string, text: string): string {
    const format = formatOf(text);
    if (text === '' || format === 'date' || format === 'date-time' || format === 'time') return text;
    const name = snake(key);
    if (SECRET_KEY.test(name)) return this.#count('credential', text, (number) => secretOf(format, number));
    if (format === 'uuid' || format === 'ipv4' || format === 'ipv6') return text;
    if (EMAIL.test(text)) return this.#email(text);
    if (PHONE.test(text) || (format === undefined && PHONE_KEY.test(name) && /\d{3}/.test(text))) {
      return this.#count('phone number', text, (number) => `+1555${String(number).padStart(7, '0')}`);
    }
    const changed = text
      .replace(URL_WITHIN, (url) => this.#url(url))
      .replace(KNOWN_TOKEN, (token) => this.#count('credential', token, (number) => `redacted-${number}`))
      .replace(EMAIL_WITHIN, (email) => this.#email(email));
    return formatOf(changed) === format ? changed : (SAMPLES[format as 'uri']?.(this.#replaced.size) ?? 'redacted');
  }

  #email(email: string): string {
    if (/^person\d+@example\.com$/.test(email)) return email;
    return this.#count('e-mail address', email.toLowerCase(), (number) => `person${number}@example.com`);
  }

  #url(url: string): string {
    if (!URL.canParse(url)) return url;
    const given = new URL(url);
    const clean = withoutCredentials(given);
    clean.hash = given.hash;
    return clean.href === given.href ? url : this.#count('credential in a URL', url, () => clean.href);
  }

  #count<T = string>(
    kind: string,
    value: string,
    replace: (number: number) => string,
    convert: (text: string) => T = (text) => text as T,
  ): T {
    const id = `${kind}\n${value}`;
    let replaced = this.#replaced.get(id);
    if (replaced === undefined) {
      const number = (this.counts.get(kind) ?? 0) + 1;
      this.counts.set(kind, number);
      replaced = replace(number);
      this.#replaced.set(id, replaced);
    }
    return convert(replaced);
  }
}

const snake = (key: string): string =>
  key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();

const SAMPLES: Readonly<Partial<Record<Format, (number: number) => string>>> = {
  uuid: (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  uri: (number) => `https://example.com/redacted-${number}`,
  email: (number) => `redacted${number}@example.com`,
  ipv4: () => '192.0.2.1',
  ipv6: () => '2001:db8::1',
};

const secretOf = (format: Format | undefined, number: number): string =>
  (format && SAMPLES[format]?.(number)) ?? `redacted-${number}`;
