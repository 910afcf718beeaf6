import type { HttpHeaders, WireSeam } from '@headwater/core';
import { mapFieldsInText } from './fields-in-text.ts';
import { isCredentialHeader, isCredentialName, plainName } from './names.ts';
import type { Replacements } from './replacements.ts';

export const MASK = '****';

/** A registered secret that is a shorter value of data is taken for a value that happens to be the same. */
const SHORTEST = 4;
/** From here on a text is no word that might stand there for another reason. */
const LONG = 8;
/** More are only known again where they stand by themselves. */
const MOST_HIDDEN = 200;

const URLS = /https?:\/\/[^\s"'<>\\]+/gi;
/** `name=value` in a query or a form. */
const PAIRS = /(?<![\w.%-])([\w.-]+)=([^\s&"'<>#;,\\]+)/g;
/** What may be a value inside a longer text. */
const WORDS = /[^\s"'<>()[\]{},;&?=#/|\\]+/g;

export interface RedactorOptions {
  /** Names whose values are replaced. */
  readonly redact: readonly string[];
  readonly secrets: readonly string[];
  /** For a replay: what is replaced by its name stays, since it is compared with what was given in its place. */
  readonly keepNamed?: boolean;
}

/** Takes out of what is written down what nobody else may know. Whole values keep their form; parts of texts are masked. */
export class Redactor {
  readonly #seam: WireSeam;
  readonly #replacements: Replacements;
  readonly #chosen: ReadonlySet<string>;
  readonly #keepNamed: boolean;
  readonly #secrets: Set<string>;
  #hide: ((text: string) => string) | undefined;

  constructor(seam: WireSeam, replacements: Replacements, { redact, secrets, keepNamed = false }: RedactorOptions) {
    this.#seam = seam;
    this.#replacements = replacements;
    this.#chosen = new Set(redact.map(plainName));
    this.#keepNamed = keepNamed;
    this.#secrets = new Set(secrets.filter((secret) => secret.length >= SHORTEST));
  }

  /** Hides a credential that was seen from now on, wherever and in whatever form it comes again. */
  learn(secret: string): void {
    if (secret.length < LONG || this.#secrets.size >= MOST_HIDDEN || this.#secrets.has(secret)) return;
    // What is replaced already says nothing.
    if (secret.includes(MASK) || this.#replacements.of(secret) === secret) return;
    this.#secrets.add(secret);
    this.#hide = undefined;
  }

  /** Whether values of this name are replaced as a whole. */
  isHidden(name: string): boolean {
    return isCredentialName(name) || this.#chosen.has(plainName(name));
  }

  /** The value of a field or parameter by its name. */
  named(name: string, value: string): string {
    if (!this.isHidden(name)) return this.text(value);
    return this.replaced(name, value);
  }

  replaced(name: string, value: string): string {
    if (value === '' || /^\*+$/.test(value) || this.#keepNamed) return value;
    if (!isCredentialName(name)) return String(this.#replacements.replace(value));
    this.learn(value);
    return String(this.#replacements.replace(value, 'text'));
  }

  /** A text without what is secret in it. */
  text(text: string): string {
    const whole = text.length >= LONG ? this.#replacements.of(text) : undefined;
    if (whole !== undefined) return String(whole);
    if (text.length >= SHORTEST && this.#masked(text) === MASK) return MASK;
    const urls = text.replace(URLS, (url) => this.url(url));
    const fields = this.#namedIn(urls);
    const words = fields.replace(WORDS, (word) => (word.length >= LONG ? this.#word(word) : word));
    return this.#hideAll(this.#seam.redactData(words));
  }

  /** A text in which values have names: a query without its origin, JSON within JSON, XML. */
  #namedIn(text: string): string {
    if (this.#keepNamed || !/[=:>]/.test(text)) return text;
    const fields = mapFieldsInText(text, (name, value) =>
      this.isHidden(name) ? this.replaced(name, value) : undefined,
    );
    return fields.replace(PAIRS, (pair: string, name: string, value: string) =>
      this.isHidden(name) ? `${name}=${encodeURIComponent(this.replaced(name, decoded(value)))}` : pair,
    );
  }

  /** A URL as it was written, but for what is secret in it. */
  url(url: string): string {
    const [, origin = '', path = '', query, hash] =
      /^([a-z][a-z+.-]*:\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?$/is.exec(url) ?? [];
    const shown =
      origin.replace(/\/\/[^@]*@/, `//${MASK}@`) +
      path
        .split('/')
        .map((part) => this.#part(part))
        .join('/') +
      (query === undefined ? '' : `?${this.form(query.slice(1))}`) +
      (hash === undefined ? '' : `#${this.form(hash.slice(1))}`);
    return this.#hideAll(this.#seam.redactData(shown));
  }

  /** A query, or a form: `a=1&b=2`. */
  form(form: string): string {
    return form
      .split('&')
      .map((pair) => {
        const at = pair.indexOf('=');
        if (at < 0) return this.#part(pair);
        const [name, value] = [decoded(pair.slice(0, at)), pair.slice(at + 1)];
        // A short value may be the number of a page: only what is called like a chosen field is taken for one.
        const isOther = ![...this.#chosen].some((chosen) => plainName(name).endsWith(chosen));
        if (!this.isHidden(name)) return `${this.#part(pair.slice(0, at))}=${this.#part(value, isOther ? LONG : 1)}`;
        return `${pair.slice(0, at)}=${encodeURIComponent(this.replaced(name, decoded(value)))}`;
      })
      .join('&');
  }

  /** Headers by their names: those that are credentials are replaced. */
  headers(headers: HttpHeaders, isKept: (name: string) => boolean): HttpHeaders {
    const kept = Object.entries(headers).filter(([name, value]) => isKept(name) && typeof value === 'string');
    return Object.fromEntries(
      kept.map(([name, value]) => [name, isCredentialHeader(name) ? this.replaced('token', value) : this.text(value)]),
    );
  }

  /** A JSON value, with its keys and numbers. */
  json(value: unknown, name = ''): unknown {
    if (typeof value === 'string') return this.named(name, value);
    if (typeof value === 'boolean') return !this.#keepNamed && this.#chosen.has(plainName(name)) ? false : value;
    if (typeof value === 'number' || typeof value === 'bigint') return this.#number(name, value);
    if (typeof value !== 'object' || value === null) return value;
    if ('isLosslessNumber' in value) return this.isHidden(name) ? this.#replacements.replace(0.5) : value;
    // What is in a list or an object of a chosen name is chosen, too.
    const inherited = this.#chosen.has(plainName(name)) ? name : undefined;
    if (Array.isArray(value)) return value.map((item) => this.json(item, name));
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.text(key), this.json(item, inherited ?? key)]),
    );
  }

  /** Whether a text may be written down as it is. */
  isClean(text: string): boolean {
    return this.#hideAll(this.#seam.redactData(text)) === text;
  }

  /** What of a text is known for a secret, masked. */
  masked(text: string): string {
    return this.#hideAll(this.#seam.redactData(text));
  }

  #number(name: string, value: number | bigint): number | bigint {
    const known = this.#replacements.of(value);
    if (this.isHidden(name)) return this.#keepNamed ? value : (this.#replacements.replace(value) as number | bigint);
    const text = String(value);
    if (known !== undefined && text.length >= LONG) return known as number | bigint;
    if (this.isClean(text)) return value;
    return this.#replacements.replace(value) as number | bigint;
  }

  /** A segment of a path or a value of a query, as it stands there. */
  #part(part: string, shortest = 1): string {
    if (part === '') return part;
    const text = decoded(part);
    const known = text.length >= shortest ? this.#replacements.of(text) : undefined;
    if (known !== undefined) return encodeURIComponent(String(known));
    if (this.#masked(text) === MASK || this.#seam.redact(text) === MASK) return MASK;
    const shown = this.text(text);
    return shown === text ? part : encodeURIComponent(shown).replaceAll('%2F', '/');
  }

  #word(word: string): string {
    const known = this.#replacements.of(word) ?? this.#replacements.of(word.replace(/[.:!]+$/, ''));
    return known === undefined ? word : String(known);
  }

  #masked(text: string): string {
    return this.#hideAll(this.#seam.redact(text));
  }

  #hideAll(text: string): string {
    if (this.#secrets.size === 0) return text;
    this.#hide ??= this.#seam.hiding([...this.#secrets]);
    return this.#hide(text);
  }
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};
