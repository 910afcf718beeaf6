/** One way to write a secret. */
export interface SecretForm {
  /** A regular expression. */
  readonly pattern: string;
  /** A text with none of these in it does not hold the form; `bytes`: one that is not like `LIST_OF_BYTES`. */
  readonly hints: readonly string[] | 'bytes';
}

/**
 * The forms a secret is quoted in:
 *
 * - as it is, with each character that is neither letter nor digit also in JSON escapes (up to three times over), percent
 *   encoding (any number of times, either case), as an HTML or XML entity, or as UTF-8 read as Latin-1, in any mixture
 * - with other white space in place of its own, in the lines in which `util.inspect` shows it, and each line of it by
 *   itself, as in a log that is written line by line
 * - in lower case, as a host name has it
 * - in base64 and base64url, alone or inside a longer text, in one line or many
 * - as the bytes of a `Buffer`: hex, escaped bytes, or decimal numbers in a list
 */
export const secretForms = (secret: string): SecretForm[] => {
  const forms = [textForm(secret), ...linesOf(secret).map(textForm), ...byteForms(Buffer.from(secret))];
  if (secret.length >= LONG_TEXT) forms.push(textForm(secret.toLowerCase()));
  const form = new URLSearchParams({ s: secret }).toString().slice(2);
  // A client's credentials are form-encoded before base64 (RFC 6749), and the claims of a JWT are JSON.
  for (const text of new Set([secret, encodeURIComponent(secret), form, JSON.stringify(secret).slice(1, -1)])) {
    forms.push(...base64Forms(Buffer.from(text)));
  }
  return forms;
};

/** From this length on a text is taken for no word that might stand there for another reason. */
export const LONG_TEXT = 8;

const linesOf = (text: string): string[] =>
  text
    .split(/\\n|[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line.length >= LONG_TEXT && line !== text && !FRAME_OF_PEM.test(line));

const FRAME_OF_PEM = /^-----(?:BEGIN|END) [A-Z0-9 ]+-----$/;

/** Bytes in the fewest and in the most values that are compared one by one. */
const FEWEST_BYTES = 4;
const ANCHOR_BYTES = 16;
/** The same for the characters of base64. */
const FEWEST_CHARS = 6;
const ANCHOR_CHARS = 24;

const PERCENT = '%(?:25)*';
const SEMICOLON = `(?:;|${PERCENT}3[bB])`;
const ENTITY = `(?:&|${PERCENT}26)(?:amp${SEMICOLON})*`;
const HASH = `(?:#|${PERCENT}23)`;
/** A backslash that escapes what follows may have been percent-encoded itself: JSON in a query. */
const BACKSLASH = `(?:\\\\|${PERCENT}5[cC])`;
const ESCAPE = `${BACKSLASH}{1,8}`;

/** A longer hint is not found faster. */
const LONGEST_HINT = 8;

const hintOf = (text: string): string =>
  (text.match(/[A-Za-z0-9]+/g) ?? [])
    .reduce((longest, run) => (run.length > longest.length ? run : longest), '')
    .slice(0, LONGEST_HINT);

const textForm = (text: string): SecretForm => {
  const tokens = text.match(/[ \t\n\r\f\v\u00a0]+|\\+|[\s\S]/gu) ?? [];
  const patterns = tokens.map((token, index) => {
    if (/^[ \t\n\r\f\v\u00a0]/.test(token)) return spacePattern(token);
    if (token.startsWith('\\')) return `(?:\\\\|${encodingsOf('\\')})+`;
    return characterPattern(token, tokens[index - 1]?.startsWith('\\') ?? false);
  });
  return { pattern: patterns.join(''), hints: [hintOf(text)] };
};

/** A line break may have been lost; blanks may not. */
const spacePattern = (space: string): string =>
  /[\n\r]/.test(space) ? `(?:${ANY_SPACE}|['"\`] ?\\+(?:\\s|\\\\{1,8}n)*['"\`])*` : `(?:${ANY_SPACE})+`;

const ANY_SPACE = [
  '\\s',
  '\u00c2\u00a0',
  `${PERCENT}[cC]3${PERCENT}82${PERCENT}[cC]2${PERCENT}[aA]0`,
  '\\+',
  `${PERCENT}(?:20|2[bB]|09|0[a-dA-D]|[aA]0|[cC]2${PERCENT}[aA]0)`,
  `${ESCAPE}(?:[nrtfv]|u00(?:20|09|0[a-dA-D]|[aA]0)|x0[bBcC])`,
  `${ENTITY}(?:nbsp|${HASH}(?:0*(?:32|9|1[0-3]|160)|[xX]0*(?:20|9|[a-dA-D]|[aA]0)))${SEMICOLON}`,
].join('|');

/** A character is mostly not seen for the first time. */
const known = new Map<string, string>();

const characterPattern = (character: string, afterBackslash: boolean): string => {
  if (/^[a-z0-9]$/i.test(character)) return character;
  const key = afterBackslash ? `\\${character}` : character;
  const pattern = known.get(key) ?? patternOf(character, afterBackslash);
  known.set(key, pattern);
  return pattern;
};

const patternOf = (character: string, afterBackslash: boolean): string => {
  const literal = escapeRegExp(character);
  const code = character.codePointAt(0)!;
  // What no text in UTF-8 can hold: half a surrogate pair.
  if (code === 0xfffd) {
    return `(?:${literal}|[\\ud800-\\udfff]|${ESCAPE}u[dD][89a-fA-F]..|${encodingsOf(character)}|${escapesOf(character)})`;
  }
  if (code > 0x7f) return `(?:${literal}|${encodingsOf(character)}|${escapesOf(character)})`;
  const forms = `${literal}|u00${hexPattern(code)}|${encodingsOf(character)}${isControl(code) ? `|${escapesOf(character)}` : ''}`;
  // Behind a backslash of the secret, its own have been taken already.
  return afterBackslash ? `(?:${forms})` : `${BACKSLASH}{0,8}(?:${forms})`;
};

const isControl = (code: number): boolean => code < 0x20 || (code >= 0x7f && code <= 0xff);

const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  '&': 'amp|',
  '<': 'lt|',
  '>': 'gt|',
  '"': 'quot|',
  "'": 'apos|',
};
const NAMED_ESCAPES: Readonly<Record<string, string>> = { '\b': 'b', '\f': 'f', '\v': 'v', '\0': '0' };

/** Behind backslashes too: JSON in HTML, or in a query. */
const encodingsOf = (character: string): string => {
  const code = character.codePointAt(0)!;
  const percents = percentsOf(character);
  const name = NAMED_ENTITIES[character] ?? '';
  return `${percents}|${ENTITY}(?:${name}${HASH}(?:0*${code}|[xX]0*${caseless(code.toString(16))}))${SEMICOLON}`;
};

const percentsOf = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `${PERCENT}${hexPattern(byte)}`).join('');

const escapesOf = (character: string): string => {
  const code = character.codePointAt(0)!;
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  const forms = [units.map((unit) => `${ESCAPE}u${hexPattern(unit, 4)}`).join('')];
  if (isControl(code)) {
    forms.push(`${ESCAPE}(?:x${hexPattern(code)}${character in NAMED_ESCAPES ? `|${NAMED_ESCAPES[character]}` : ''})`);
  }
  if (code > 0x7f) {
    const misread = Buffer.from(character).toString('latin1');
    forms.push(escapeRegExp(misread), percentsOf(misread));
  }
  if (code > 0x7f && code <= 0xff) forms.push(`${PERCENT}${hexPattern(code)}`);
  return forms.join('|');
};

/**
 * In the middle of a longer text, such as `user:secret`, the first and the last characters depend on the neighbours, so
 * only the sure part in between is looked for, at each of the three phases.
 */
const base64Forms = (bytes: Buffer): SecretForm[] =>
  [0, 1, 2].flatMap((phase): SecretForm[] => {
    const whole = Buffer.concat([Buffer.alloc(phase), bytes]).toString('base64');
    const start = phase === 0 ? 0 : phase + 1;
    const end = Math.floor(((phase + bytes.length) * 8) / 6);
    const sure = whole.slice(start, end);
    if (sure.length < FEWEST_CHARS) {
      const text = whole.replace(/=+$/, '');
      // Without its padding, what is shorter would be any word.
      const optional = bytes.length < 3 ? base64Text(whole.slice(text.length)).join('') : `(?:${PADDING})*`;
      return phase === 0 ? [{ pattern: base64Text(text).join('') + optional, hints: [hintOf(text)] }] : [];
    }
    const anchor = sure.slice(0, ANCHOR_CHARS);
    const rest = sure.length - ANCHOR_CHARS;
    if (rest > 0) {
      const broken = base64Text(anchor).join(BREAKS);
      const half = ANCHOR_CHARS / 2;
      return [
        {
          pattern: `${broken}${BREAKS}(?:${BASE64}${BREAKS}){0,${rest}}(?:${PADDING})*`,
          // A line break in one half leaves the other whole.
          hints: [hintOf(anchor.slice(0, half)), hintOf(anchor.slice(half))],
        },
      ];
    }
    const tail = whole.length > end ? `(?:${base64Text(whole.slice(end)).join('')})?` : '';
    return [{ pattern: base64Text(anchor).join('') + tail, hints: [hintOf(anchor)] }];
  });

const BREAKS = `(?:[\\r\\n]|${ESCAPE}[rn]|${PERCENT}0[aAdD])*`;
const PADDING = `=|${PERCENT}3[dD]|\\\\{1,8}u003[dD]`;
const PLUS = `[+-]|${PERCENT}2[bB]|\\\\{1,8}u002[bB]`;
const SLASH = `\\\\{0,7}/|_|${PERCENT}2[fF]`;
const BASE64 = `(?:[A-Za-z0-9]|${PLUS}|${SLASH})`;

const base64Text = (text: string): string[] =>
  Array.from(text, (sign) => (/\w/.test(sign) ? sign : `(?:${sign === '+' ? PLUS : sign === '/' ? SLASH : PADDING})`));

/** The bytes in hex, with or without something between them, and as decimal numbers in a list. */
const byteForms = (bytes: Buffer): SecretForm[] => {
  if (bytes.length < FEWEST_BYTES) return [];
  const anchor = bytes.subarray(0, ANCHOR_BYTES);
  const rest = Math.max(0, bytes.length - ANCHOR_BYTES);
  const hex = anchor.toString('hex');
  const pairs = hex.match(/../g) ?? [];
  return [
    { pattern: `${caseless(hex)}(?:[0-9a-fA-F]{2}){0,${rest}}`, hints: [hintOf(hex), hintOf(hex.toUpperCase())] },
    { pattern: `${pairs.map(caseless).join(HEX_GAP)}(?:${HEX_GAP}[0-9a-fA-F]{2}){0,${rest}}`, hints: 'bytes' },
    { pattern: `${[...anchor].join(COMMA)}(?:${COMMA}\\d{1,3}){0,${rest}}`, hints: 'bytes' },
  ];
};

const COMMA = `(?:,|${PERCENT}2[cC])(?:${ANY_SPACE})*`;
const HEX_GAP = `(?:${ESCAPE}x|${PERCENT}20(?=[0-9a-fA-F]{2})|[ :+]|${PERCENT})`;

/** Four bytes in hex with something between them, or four decimal numbers. */
export const LIST_OF_BYTES = new RegExp(`[\\da-f]{2}(?:${HEX_GAP}[\\da-f]{2}){3}|\\d(?:${COMMA}\\d{1,3}){3}`, 'i');

const hexPattern = (code: number, digits = 2): string => caseless(code.toString(16).padStart(digits, '0'));

const caseless = (hex: string): string => hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
