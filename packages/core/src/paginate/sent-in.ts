import type { QueryParams, QueryValue } from '../http/url.ts';
import type { JsonObject } from '../protocol/json.ts';
import { namesOf } from './page-value.ts';
import type { PageRequest } from './paginator.ts';

/** Where a paginator puts what it has to say. */
export interface SentIn {
  /**
   * The part of the request that the parameters are sent in. In a body, a name that begins with `$` is a path:
   * `$.page.offset` is the member `offset` of the member `page`.
   *
   * @default 'query'
   */
  readonly in?: 'query' | 'body' | 'header';
}

/** The request that carries these values. */
export const carrying = (owner: string, where: SentIn['in'], values: QueryParams): PageRequest => {
  if (where === 'body') return { body: bodyOf(owner, values) };
  if (where !== 'header') return { params: values };
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return { headers: Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), String(value)])) };
};

const bodyOf = (owner: string, values: QueryParams): JsonObject => {
  const body: JsonObject = {};
  for (const [name, value] of Object.entries(values)) {
    setAt(body, name.startsWith('$') ? namesOf(`${owner}.param`, name) : [name], value);
  }
  return body;
};

const setAt = (body: JsonObject, names: readonly string[], value: QueryValue): void => {
  const [name = '', ...rest] = names;
  if (rest.length === 0) body[name] = value;
  else setAt((body[name] ??= {}) as JsonObject, rest, value);
};
