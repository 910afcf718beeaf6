import { inspect } from 'node:util';
import type { JsonObject } from '../../src/protocol/json.ts';

/** Random choices that a seed repeats. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  text(alphabet: readonly string[], length: number): string {
    return Array.from({ length }, () => this.pick(alphabet)).join('');
  }
}

const LETTERS = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789');
const BASE64 = [...LETTERS, '+', '/'];
const PRINTABLE = Array.from({ length: 0x5f }, (_, index) => String.fromCharCode(0x20 + index)).filter(
  (c) => c !== '*',
);
const UNICODE = [...LETTERS, ...Array.from('äöüßéñ€漢字пароль🔑😀 "\\\'%&+/=<>#?\u0007\u00a0\ufffd')];
const WORDS = [
  'error',
  'true',
  'object',
  'incremental',
  'INFO',
  'stream',
  'password',
  'GET',
  'string',
  'date-time',
  'null',
];

const pem = (dice: Dice): string => {
  const lines = Array.from({ length: 1 + (dice.chance(0.05) ? dice.below(9) : dice.below(2)) }, () =>
    dice.text(BASE64, 64),
  );
  const kind = dice.pick(['PRIVATE KEY', 'RSA PRIVATE KEY']);
  return [`-----BEGIN ${kind}-----`, ...lines, dice.text(BASE64, 22) + '==', `-----END ${kind}-----`, ''].join(
    dice.pick(['\n', '\n', '\r\n']),
  );
};

/** A value that a config may hold as a secret. */
export const randomSecret = (dice: Dice): string | number => {
  switch (dice.below(12)) {
    case 0:
      return dice.text(LETTERS, 1 + dice.below(7));
    case 1:
      return dice.text(PRINTABLE, 1 + dice.below(7)).trim() || 'x';
    case 2:
      return pem(dice);
    case 3:
      return dice.text(UNICODE, 5 + dice.below(30)).trim() || 'x';
    case 4:
      return dice.pick(WORDS);
    case 5:
      return dice.chance(0.5) ? dice.below(10 ** 9) : 10 ** 9 + dice.below(10 ** 12);
    case 6:
      return Array.from({ length: 2 + dice.below(4) }, () => dice.text(PRINTABLE, 1 + dice.below(20)).trim()).join(
        '\n',
      );
    case 7:
      if (dice.chance(0.7)) return dice.text(PRINTABLE, 20).trim() || 'x';
      return JSON.stringify({ type: 'service_account', private_key: pem(dice), id: dice.text(LETTERS, 20) });
    case 8:
      return dice.text(BASE64, 20 + dice.below(60)) + dice.pick(['', '=', '==']);
    case 9:
      return dice.text(PRINTABLE, 8 + dice.below(40)).trim() || 'x';
    default:
      return dice.text(LETTERS, 12 + dice.below(40));
  }
};

/** Way to write a secret, and the fewest bytes of one that is known again in it. */
export interface Quote {
  readonly name: string;
  readonly least: number;
  readonly write: (text: string, dice: Dice) => string;
}

const inner = (text: string): string => JSON.stringify(text).slice(1, -1);
const ascii = (text: string): string =>
  inner(text).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const lower = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
const strict = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*~._-]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
const form = (text: string): string => new URLSearchParams({ s: text }).toString().slice(2);
const html = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? '&#39;');
const entities = (radix: 10 | 16) => (text: string) =>
  text.replace(/[^A-Za-z0-9\s]/gu, (c) => `&#${radix === 16 ? 'x' : ''}${c.codePointAt(0)!.toString(radix)};`);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const around = (text: string, dice: Dice): string =>
  dice.text(LETTERS, dice.below(6)) + text + dice.text(LETTERS, dice.below(6));

export const QUOTES: readonly Quote[] = [
  { name: 'as it is', least: 1, write: (text) => text },
  { name: 'JSON', least: 1, write: inner },
  { name: 'JSON in JSON', least: 1, write: (text) => inner(inner(text)) },
  { name: 'JSON in JSON in JSON', least: 1, write: (text) => inner(inner(inner(text))) },
  { name: 'JSON in ASCII', least: 1, write: ascii },
  { name: 'JSON of PHP', least: 1, write: (text) => ascii(text).replaceAll('/', '\\/') },
  {
    name: 'JSON of Go',
    least: 1,
    write: (text) => inner(text).replace(/[<>&']/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
  },
  { name: 'percent', least: 1, write: encodeURIComponent },
  { name: 'percent in lower case', least: 1, write: (text) => lower(encodeURIComponent(text)) },
  { name: 'percent for all signs', least: 1, write: strict },
  { name: 'percent twice', least: 1, write: (text) => encodeURIComponent(encodeURIComponent(text)) },
  { name: 'a whole URL', least: 1, write: encodeURI },
  { name: 'form', least: 1, write: form },
  { name: 'form in lower case', least: 1, write: (text) => lower(form(text)) },
  { name: 'JSON in a query', least: 1, write: (text) => encodeURIComponent(inner(text)) },
  {
    name: 'query of URL',
    least: 1,
    write: (text) => new URL(`http://a/?q=${encodeURIComponent(text)}`).href.slice(12),
  },
  { name: 'query as JSON', least: 1, write: (text) => inner(form(text)) },
  { name: 'HTML', least: 1, write: html },
  { name: 'decimal entities', least: 1, write: entities(10) },
  { name: 'hex entities', least: 1, write: entities(16) },
  { name: 'JSON in HTML', least: 1, write: (text) => html(inner(text)) },
  { name: 'HTML in JSON', least: 1, write: (text) => inner(html(text)) },
  { name: 'Latin-1', least: 1, write: (text) => Buffer.from(text).toString('latin1') },
  { name: 'white space collapsed', least: 1, write: (text) => text.replace(/\s+/g, ' ') },
  { name: 'inspect', least: 1, write: (text) => inspect({ a: { key: text } }, { depth: 9 }) },
  { name: 'inspect in JSON', least: 1, write: (text) => inner(inspect({ key: text })) },
  { name: 'lower case', least: 8, write: (text) => text.toLowerCase() },
  { name: 'base64', least: 1, write: base64 },
  { name: 'base64url', least: 3, write: (text) => Buffer.from(text).toString('base64url') },
  { name: 'base64 within', least: 5, write: (text, dice) => base64(around(text, dice)) },
  { name: 'base64url within', least: 5, write: (text, dice) => Buffer.from(around(text, dice)).toString('base64url') },
  { name: 'basic', least: 5, write: (text) => `Basic ${base64(`client-id:${text}`)}` },
  { name: 'basic of form', least: 5, write: (text) => `Basic ${base64(`client-id:${form(text)}`)}` },
  { name: 'base64 in a query', least: 5, write: (text, dice) => encodeURIComponent(base64(around(text, dice))) },
  { name: 'base64 in lines', least: 5, write: (text) => base64(`${text}:`).replace(/(.{76})/g, '$1\r\n') },
  { name: 'base64 in lines as JSON', least: 5, write: (text) => inner(base64(`${text}:`).replace(/(.{64})/g, '$1\n')) },
  {
    name: 'JWT',
    least: 5,
    write: (text, dice) =>
      `eyJ.${Buffer.from(JSON.stringify({ sub: around('', dice), text })).toString('base64url')}.x`,
  },
  { name: 'hex', least: 4, write: (text) => Buffer.from(text).toString('hex') },
  { name: 'upper hex', least: 4, write: (text) => Buffer.from(text).toString('hex').toUpperCase() },
  { name: 'a Buffer', least: 4, write: (text) => inspect(Buffer.from(text)) },
  { name: 'JSON of a Buffer', least: 4, write: (text) => JSON.stringify(Buffer.from(text)) },
  { name: 'pretty JSON of a Buffer', least: 4, write: (text) => JSON.stringify({ a: Buffer.from(text) }, null, 2) },
  { name: 'bytes', least: 4, write: (text) => Buffer.from(text).toString('hex').replace(/../g, '\\x$&') },
  { name: 'all percent', least: 4, write: (text) => Buffer.from(text).toString('hex').replace(/../g, '%$&') },
];

/** What a text may mean to one who wants to read a secret out of it: itself, and all that its encodings stand for. */
export const meanings = (text: string): string[] => {
  const seen = new Set([text]);
  let latest = [text];
  for (let depth = 0; depth < 3; depth++) {
    latest = latest.flatMap((one) => TEXT_DECODERS.map((decode) => decode(one))).filter((one) => !seen.has(one));
    for (const one of latest) seen.add(one);
    latest = [...new Set(latest)];
  }
  const bytes = [...seen].slice(0, 7).flatMap(bytesIn);
  for (const found of new Set(bytes)) {
    seen.add(found);
    for (const decode of TEXT_DECODERS) seen.add(decode(found));
  }
  return [...seen];
};

const TEXT_DECODERS: readonly ((text: string) => string)[] = [
  (text) =>
    text.replace(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(.))/gi, (_, unit?: string, byte?: string, sign = '') => {
      const code = unit ?? byte;
      return code === undefined
        ? ({ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v' }[sign as string] ?? sign)
        : String.fromCharCode(parseInt(code, 16));
    }),
  (text) =>
    text
      .replaceAll('+', ' ')
      .replace(/(?:%[0-9a-f]{2})+/gi, (codes) => Buffer.from(codes.replaceAll('%', ''), 'hex').toString()),
  (text) => text.replace(/(?:%[0-9a-f]{2})+/gi, (codes) => Buffer.from(codes.replaceAll('%', ''), 'hex').toString()),
  (text) =>
    text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name = '') =>
      decimal === undefined && hex === undefined
        ? ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name as string] ?? whole)
        : String.fromCodePoint(Math.min(0x10ffff, decimal === undefined ? parseInt(hex!, 16) : Number(decimal))),
    ),
  (text) => (/[\u0100-\uffff]/.test(text) ? text : Buffer.from(text, 'latin1').toString()),
  (text) => text.replace(/['"] ?\+\s*['"]/g, ''),
];

const bytesIn = (text: string): string[] => {
  const joined = text.replace(/(?<=[\w+/-])(?:\r?\n|\\r|\\n)+(?=[\w+/=-])/g, '');
  const runs = [...text.matchAll(/[\w+/-]{4,}/g), ...joined.matchAll(/[\w+/-]{4,}/g)].map(([run]) => run);
  const base64s = [...new Set(runs)].flatMap((run) =>
    [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), 'base64').toString()),
  );
  const hexes = [...text.matchAll(/(?:[0-9a-f]{2}(?:[ :%]|\\+x)?){4,}/gi)].map(([run]) =>
    Buffer.from(run.replace(/\\+x|[^0-9a-f]/gi, ''), 'hex').toString(),
  );
  const lists = [...text.matchAll(/\d+(?:,\s*\d+){3,}/g)].map(([run]) =>
    Buffer.from(run.split(',').map(Number)).toString(),
  );
  return [...base64s, ...hexes, ...lists];
};

/** The text without white space: an encoding may lose or change it. */
const dense = (text: string): string => text.replace(/\s+/g, '');

/** What of a secret must not be there: the whole, of a long one each line, and of a random one each eight characters. */
export const tracesOf = (secret: string): string[] => {
  const whole = dense(secret);
  const lines = secret
    .split(/[\r\n]+/)
    .map(dense)
    .filter((line) => line.length >= 16 && /^[\w+/=]+$/.test(line));
  const pieces = lines.flatMap((line) =>
    Array.from({ length: Math.floor(line.length / 8) - 1 }, (_, index) => line.slice(index * 8, index * 8 + 12)),
  );
  return [whole, ...pieces];
};

/** The secrets that a text gives away. */
export const found = (texts: readonly string[], secrets: readonly string[]): string[] => {
  const all = texts.join('\u0000\n');
  const views = meanings(all).map(dense);
  const said = [dense(all)];
  return secrets.filter((secret) =>
    tracesOf(secret).some((trace) => (trace.length < 4 ? said : views).some((view) => view.includes(trace))),
  );
};

/** A specification with secrets in all the places where one can stand, and a config for it. */
export const randomConfig = (dice: Dice): { schema: JsonObject; config: JsonObject; secrets: string[] } => {
  const secrets: (string | number)[] = [];
  const definitions: JsonObject = {};
  const secret = (): [JsonObject, unknown] => {
    let value = randomSecret(dice);
    const other = secrets.length > 0 && dice.chance(0.15) ? String(dice.pick(secrets)) : undefined;
    // One inside another, and one that overlaps another.
    if (other !== undefined) value = dice.pick([`${other}${value}`, other.slice(other.length >> 1) + String(value)]);
    secrets.push(value);
    return [{ type: ['string', 'number', 'object', 'array'], airbyte_secret: true }, value];
  };
  const node = (depth: number): [JsonObject, unknown] => {
    if (depth <= 0) return secret();
    const [schema, value] = node(depth - 1);
    switch (dice.below(14)) {
      case 0:
        return [
          { oneOf: [{ properties: { kind: { const: 'x' } } }, { properties: { v: schema } }] },
          { kind: 'y', v: value },
        ];
      case 1:
        return [{ anyOf: [schema, { type: 'null' }] }, value];
      case 2:
        return [{ allOf: [{}, schema] }, value];
      case 3:
        return [{ items: schema }, [value]];
      case 4:
        return [{ prefixItems: [{}, schema] }, ['plain', value]];
      case 5:
        return [{ items: [{}], additionalItems: schema }, ['plain', value]];
      case 6:
        return [{ additionalProperties: schema }, { any: value }];
      case 7:
        return [{ patternProperties: { '^x_': schema } }, { x_1: value }];
      case 8:
        return [{ if: {}, then: schema }, value];
      case 9: {
        const name = `d/${Object.keys(definitions).length}~`;
        definitions[name] = schema;
        return [{ $ref: `#/definitions/${name.replaceAll('~', '~0').replaceAll('/', '~1')}` }, value];
      }
      case 10:
        return [{ airbyte_secret: true }, { whole: [value] }];
      case 11:
        return [{ dependentSchemas: { a: { properties: { b: schema } } } }, { a: 1, b: value }];
      default:
        return [{ type: 'object', properties: { inner: schema } }, { inner: value }];
    }
  };
  const fields = Array.from(
    { length: 1 + dice.below(3) },
    (_, index) => [`field_${index}`, node(dice.below(4))] as const,
  );
  const schema = {
    type: 'object',
    definitions,
    properties: Object.fromEntries(fields.map(([name, [part]]) => [name, part])),
  };
  const config = Object.fromEntries(fields.map(([name, [, value]]) => [name, value]));
  return { schema, config, secrets: [...new Set(secrets.map(String))].filter((text) => text.trim() !== '') };
};
