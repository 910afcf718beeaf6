import { stringifyJson } from '@headwater/core';
import { mapFieldsInText } from './fields-in-text.ts';
import type { RecordedRequest } from './format.ts';
import { isComparedHeader, isCredentialName, isFreshName, plainName } from './names.ts';
import { REPLACED } from './replacements.ts';

/** What a request is compared by: each part by its name, e.g. `query page` or `body filter`. */
export type RequestParts = ReadonlyMap<string, string>;

export interface Comparison {
  /** Names of parameters and fields that make no difference. */
  readonly ignore: readonly string[];
  /** Names of the fields that were chosen to be replaced. */
  readonly redact: readonly string[];
  /** Which replaced values are taken for equal, whatever they were replaced by: none, those of credentials, or all. */
  readonly loose: 'none' | 'credentials' | 'all';
}

const ANYTHING = '*';

/** The parts of a request. Their order, and the order of parameters and members, makes no difference. */
export const partsOf = (request: RecordedRequest, comparison: Comparison): RequestParts => {
  const ignored = new Set(comparison.ignore.map(plainName));
  const chosen = new Set(comparison.redact.map(plainName));
  const isIgnored = (name: string): boolean => isFreshName(name) || ignored.has(plainName(name));
  const isHidden = (name: string): boolean =>
    (comparison.loose !== 'none' && isCredentialName(name)) ||
    (comparison.loose === 'all' && chosen.has(plainName(name)));
  const plain = (text: string): string =>
    comparison.loose === 'all' ? text.replace(REPLACED, ANYTHING).replace(/\*+/g, ANYTHING) : text;
  const valueOf = (name: string, value: string): string => (isHidden(name) ? ANYTHING : plain(value));

  const parts = new Map<string, string>();
  const addForm = (kind: string, form: string): void => {
    const values = new Map<string, string[]>();
    for (const [name, value] of new URLSearchParams(form)) {
      if (!isIgnored(name)) values.set(name, [...(values.get(name) ?? []), valueOf(name, value)]);
    }
    for (const [name, all] of values) parts.set(`${kind} ${name}`, all.join('&'));
  };
  const canonical = (value: unknown, name = ''): unknown => {
    if (typeof value === 'string') return valueOf(name, value);
    if (Array.isArray(value)) return value.map((item) => canonical(item, name));
    if (typeof value !== 'object' || value === null || 'isLosslessNumber' in value) {
      return isHidden(name) ? ANYTHING : typeof value === 'object' ? stringifyJson(value) : value;
    }
    const members = Object.entries(value).filter(([key]) => !isIgnored(key));
    return Object.fromEntries(
      members.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, canonical(item, key)]),
    );
  };

  const [path = '', query = ''] = request.url.replace(/#.*$/s, '').split(/\?(.*)/s);
  parts.set('method', request.method);
  parts.set('path', plain(path));
  addForm('query', query);
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (isComparedHeader(name)) parts.set(`header ${name}`, plain(value));
  }
  const { json, text, bytes } = request;
  if (json !== undefined) {
    const value = canonical(json);
    const members = Array.isArray(value) ? [['', value] as const] : Object.entries(value as object);
    for (const [name, member] of members) parts.set(`body ${name}`.trim(), written(member));
  } else if (text !== undefined && request.headers?.['content-type']?.includes('form-urlencoded')) {
    addForm('body', text);
  } else if (text !== undefined) {
    const fields = mapFieldsInText(text, (name) => (isIgnored(name) || isHidden(name) ? ANYTHING : undefined));
    parts.set('body', plain(fields));
  } else if (bytes !== undefined) {
    parts.set('body', bytes);
  }
  return parts;
};

const written = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? String(item) : item)) ?? '';

/** The same for equal requests. */
export const keyOf = (parts: RequestParts): string =>
  JSON.stringify([...parts].toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** What of two requests is not the same: `query since (recorded "a", asked "b")`. */
export const differencesOf = (recorded: RequestParts, asked: RequestParts): string[] => {
  const names = [...new Set([...recorded.keys(), ...asked.keys()])];
  return names
    .filter((name) => recorded.get(name) !== asked.get(name))
    .map((name) => `${name} (recorded ${quoted(recorded.get(name))}, asked ${quoted(asked.get(name))})`);
};

const quoted = (value: string | undefined): string =>
  value === undefined ? 'none' : JSON.stringify(value.length > 120 ? `${value.slice(0, 120)}…` : value);
