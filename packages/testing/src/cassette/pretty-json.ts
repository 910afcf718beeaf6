import { stringifyJson } from '@headwater/core';

const INDENT = '  ';

/** What fits is written in one line, so that a diff shows a change as the lines it concerns. */
const WIDTH = 100;

/** JSON text as a person reads it, with exact numbers. */
export const prettyJson = (value: unknown, indent = ''): string => {
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return stringifyJson(value);
  const list = Array.isArray(value);
  const deeper = indent + INDENT;
  const items = list
    ? value.map((item) => prettyJson(item, deeper))
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => `${JSON.stringify(key)}: ${prettyJson(member, deeper)}`);
  const [open, close] = list ? '[]' : '{}';
  if (items.length === 0) return `${open}${close}`;
  const line = list ? `[${items.join(', ')}]` : `{ ${items.join(', ')} }`;
  if (line.length + indent.length <= WIDTH && !line.includes('\n')) return line;
  return `${open}\n${deeper}${items.join(`,\n${deeper}`)}\n${indent}${close}`;
};

const isExactNumber = (value: object): boolean => 'isLosslessNumber' in value;
