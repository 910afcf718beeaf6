import { isJsonObject } from '../protocol/json.ts';
import type { AirbyteMessage } from '../protocol/types.ts';

const MASK = '****';

/** Below this length a secret is not looked for in data such as states: it would destroy values that merely contain it. */
const SAFE_IN_DATA = 8;

/** A process runs one connector for one credential, so what must not be printed is one set for the whole process. */
const secrets = new Set<string>();
let textPattern: RegExp | undefined;
let dataPattern: RegExp | undefined;

/**
 * Hides a value from everything the connector prints from now on, but for records and CONTROL messages.
 *
 * For secrets that are not in the config: a token just refreshed, a session id. Its JSON-escaped, URL-encoded and
 * base64 forms are hidden too.
 */
export const registerSecret = (value: string): void => {
  if (value === '' || secrets.has(value)) return;
  secrets.add(value);
  textPattern = dataPattern = undefined;
};

/** The text with every registered secret, in any of its forms, replaced by `****`. */
export const redact = (text: string): string => {
  if (secrets.size === 0) return text;
  textPattern ??= patternFor([...secrets]);
  return text.replace(textPattern, MASK);
};

/** A value of plain data with every registered secret in its texts, but not in its keys, replaced. */
export const redactStrings = <T>(value: T): T => (secrets.size === 0 ? value : (mapStrings(value, redact) as T));

/** A message as it may be printed. RECORD carries the user's data and CONTROL the config itself: both stay as they are. */
export const redactMessage = (message: AirbyteMessage): AirbyteMessage => {
  if (secrets.size === 0) return message;
  switch (message.type) {
    case 'RECORD':
    case 'CONTROL':
    case 'SPEC':
      return message;
    case 'LOG':
    case 'CONNECTION_STATUS':
      return mapStrings(message, redact) as AirbyteMessage;
    case 'TRACE':
      return message.trace?.type === 'ERROR'
        ? { ...message, trace: { ...message.trace, ...redactErrorOf(message.trace) } }
        : redactData(message);
    default:
      return redactData(message);
  }
};

const redactErrorOf = ({ error }: NonNullable<AirbyteMessage['trace']>) =>
  error === undefined
    ? {}
    : { error: { ...(mapStrings(error, redact) as typeof error), failure_type: error.failure_type } as typeof error };

const redactData = (message: AirbyteMessage): AirbyteMessage => {
  dataPattern ??= patternFor([...secrets].filter((secret) => secret.length >= SAFE_IN_DATA));
  const pattern = dataPattern;
  return mapStrings(message, (text) => text.replace(pattern, MASK)) as AirbyteMessage;
};

/** Keeps `type`, `level`, `status` and the like: they are words of the protocol, never a quote. */
const PROTOCOL_WORDS = new Set(['type', 'level', 'status', 'failure_type', 'sync_mode', 'stream_descriptor']);

const mapStrings = (value: unknown, map: (text: string) => string): unknown => {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map));
  // A number kept with all its digits is an object too, but not one to look into.
  if (!isJsonObject(value) || value.constructor !== Object) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, PROTOCOL_WORDS.has(key) ? item : mapStrings(item, map)]),
  );
};

/** Longest first, so that a secret inside a longer one leaves no rest behind. */
const patternFor = (values: readonly string[]): RegExp => {
  const forms = [...new Set(values.flatMap(formsOf))].toSorted((a, b) => b.length - a.length);
  return forms.length === 0 ? /(?!)/g : new RegExp(forms.map(escapeRegExp).join('|'), 'g');
};

const formsOf = (secret: string): string[] => {
  const escaped = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret);
  const form = new URLSearchParams({ s: secret }).toString().slice(2);
  const percents = [url, form, lowerPercents(url), lowerPercents(form)];
  return [secret, escaped, JSON.stringify(escaped).slice(1, -1), ...percents, ...base64Forms(secret)];
};

const lowerPercents = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());

/**
 * What base64 makes of the secret, alone and in the middle of a longer text such as `user:secret`: there its first and
 * last characters depend on the neighbours, so only the sure part in between is looked for, at each of the three phases.
 */
const base64Forms = (secret: string): string[] => {
  const bytes = Buffer.from(secret);
  const inner = [0, 1, 2].flatMap((phase) => {
    const encoded = Buffer.concat([Buffer.alloc(phase), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const sure = encoded.slice(phase === 0 ? 0 : phase + 1, Math.floor(((phase + bytes.length) * 8) / 6));
    return sure.length >= SAFE_IN_DATA ? [sure] : [];
  });
  return [bytes.toString('base64'), ...inner].flatMap((form) => [form, form.replace(/\+/g, '-').replace(/\//g, '_')]);
};

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
