const SPACE = /\s*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const SCALAR = /[^\s,\]}]+/y;

interface Member {
  readonly key: string;
  readonly keyStart: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Sets a value inside a JSON text and leaves every other character as it is: numbers of any length, order, indentation.
 *
 * @param text valid JSON, with an object or `null` at every step of the way
 */
export const setInJson = (text: string, path: readonly string[], value: unknown): string => {
  let start = skip(SPACE, text, text.startsWith('\uFEFF') ? 1 : 0);
  for (const [depth, step] of path.entries()) {
    const rest = path.slice(depth + 1);
    if (text[start] !== '{') {
      const end = endOf(text, start);
      return splice(text, start, end, written(nested(path.slice(depth), value), indentationAt(text, start)));
    }
    const members = membersOf(text, start);
    // Of members with one name, the last counts.
    const member = members.findLast(({ key }) => key === step);
    if (!member) return insert(text, start, members.at(-1), step, nested(rest, value));
    if (rest.length === 0) {
      return splice(text, member.start, member.end, written(value, indentationAt(text, member.keyStart)));
    }
    start = member.start;
  }
  return text;
};

const nested = (path: readonly string[], value: unknown): unknown =>
  path.reduceRight((inner, step) => ({ [step]: inner }), value);

const splice = (text: string, start: number, end: number, middle: string): string =>
  text.slice(0, start) + middle + text.slice(end);

const insert = (text: string, object: number, last: Member | undefined, key: string, value: unknown): string => {
  if (!last) {
    return splice(text, object, endOf(text, object), written({ [key]: value }, indentationAt(text, object)));
  }
  const gap = /\s*$/.exec(text.slice(0, last.keyStart))?.[0] ?? '';
  const indentation = /\n([ \t]*)$/.exec(gap)?.[1];
  const member = `${JSON.stringify(key)}: ${indentation === undefined ? JSON.stringify(value) : written(value, indentation)}`;
  return splice(text, last.end, last.end, `,${gap === '' ? ' ' : gap}${member}`);
};

const written = (value: unknown, indentation: string): string =>
  JSON.stringify(value, null, 2).replaceAll('\n', `\n${indentation}`);

const indentationAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? '';

const skip = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
};

const membersOf = (text: string, object: number): Member[] => {
  const members: Member[] = [];
  let at = skip(SPACE, text, object + 1);
  while (text[at] === '"') {
    const keyEnd = skip(STRING, text, at);
    const start = skip(SPACE, text, skip(SPACE, text, keyEnd) + 1);
    const end = endOf(text, start);
    members.push({ key: JSON.parse(text.slice(at, keyEnd)), keyStart: at, start, end });
    at = skip(SPACE, text, end);
    if (text[at] === ',') at = skip(SPACE, text, at + 1);
  }
  return members;
};

/** Where the value that starts here ends. */
const endOf = (text: string, start: number): number => {
  if (text[start] === '"') return skip(STRING, text, start);
  if (text[start] !== '{' && text[start] !== '[') return skip(SCALAR, text, start);
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = skip(STRING, text, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
};
