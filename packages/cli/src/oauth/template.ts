import { createHash } from 'node:crypto';

import { CommandError } from '../command-error.ts';

const FILTERS: Readonly<Record<string, (text: string) => string>> = {
  urlencode: (text) => encodeURIComponent(text),
  urldecode: (text) => decodeURIComponent(text),
  b64encode: (text) => Buffer.from(text).toString('base64'),
  b64decode: (text) => Buffer.from(text, 'base64').toString(),
  codechallenges256: (text) => createHash('sha256').update(text).digest('base64url'),
};
/** The names that specs written for older platforms use. */
const OLD_FILTERS: Readonly<Record<string, string>> = {
  urlencoder: 'urlencode',
  urldecoder: 'urldecode',
  base64encoder: 'b64encode',
  base64decoder: 'b64decode',
};

const PLACEHOLDER = /\{\{(.*?)\}\}/gs;
const TOKEN = /\s*(?:([A-Za-z_]\w*)|'([^']*)'|"([^"]*)"|([()|~])|(\S))/gy;

type Token = { readonly kind: 'name' | 'text' | 'sign'; readonly value: string };

/**
 * Replaces the placeholders of a template: `{{ name }}`, `{{ name | filter }}`, `{{ (name ~ ':' ~ other) | filter }}`.
 *
 * @param where for messages: the member of the spec that holds the template
 * @throws CommandError that names a placeholder that is not known
 */
export const fillTemplate = (template: string, values: Readonly<Record<string, string>>, where: string): string => {
  const rest = template.replace(PLACEHOLDER, '');
  const foreign = /\{%.*?%\}|\{[\w:]*\}?/.exec(rest)?.[0];
  if (foreign !== undefined) {
    throw new CommandError(`${where}: "${foreign}" is no placeholder. Write {{ name }} or {{ name | urlencode }}.`);
  }
  return template.replace(PLACEHOLDER, (_, expression: string) => evaluate(expression, values, where));
};

const evaluate = (expression: string, values: Readonly<Record<string, string>>, where: string): string => {
  const fail = (reason: string): CommandError => new CommandError(`${where}: {{ ${expression.trim()} }}: ${reason}`);
  const tokens = [...expression.trim().matchAll(TOKEN)].map(tokenOf);
  let at = 0;
  const sign = (value: string): boolean => {
    if (tokens[at]?.kind !== 'sign' || tokens[at]?.value !== value) return false;
    at += 1;
    return true;
  };
  const primary = (): string => {
    if (sign('(')) {
      const inner = concatenation();
      if (!sign(')')) throw fail('a parenthesis is not closed.');
      return inner;
    }
    const token = tokens[at++];
    if (token === undefined || token.kind === 'sign') throw fail(`only names, texts, "~" and "|" are understood.`);
    if (token.kind === 'text') return token.value;
    const value = Object.hasOwn(values, token.value) ? values[token.value] : undefined;
    if (value !== undefined) return value;
    throw fail(`"${token.value}" is not known here. Known: ${Object.keys(values).toSorted().join(', ')}.`);
  };
  const filtered = (): string => {
    let value = primary();
    while (sign('|')) {
      const name = tokens[at++]?.value;
      const filter = filterOf(name);
      try {
        value = filter(value);
      } catch {
        throw fail(`the filter "${name}" cannot be applied to this value.`);
      }
    }
    return value;
  };
  const filterOf = (name = ''): ((text: string) => string) => {
    const key = name.toLowerCase();
    const filter = FILTERS[OLD_FILTERS[key] ?? key];
    if (filter) return filter;
    throw fail(`the filter "${name}" is not known. Known: ${Object.keys(FILTERS).join(', ')}.`);
  };
  const concatenation = (): string => {
    let value = filtered();
    while (sign('~')) value += filtered();
    return value;
  };
  const result = concatenation();
  if (at < tokens.length) throw fail(`only names, texts, "~" and "|" are understood.`);
  return result;
};

const tokenOf = ([, name, single, double, sign, other]: RegExpExecArray | RegExpMatchArray): Token => {
  if (name !== undefined) return { kind: 'name', value: name };
  const text = single ?? double;
  return text === undefined ? { kind: 'sign', value: sign ?? other ?? '' } : { kind: 'text', value: text };
};
