import { isLosslessNumber } from 'lossless-json';
import { ConnectorError } from '../errors.ts';
import type { QueryParams, QueryValue } from '../http/url.ts';
import { isJsonObject } from '../protocol/json.ts';
import { parseLossless, stringifyJson } from '../protocol/lossless-json.ts';
import type { PageToken } from './paginator.ts';

/** A place in a list that is counted: a page number or an offset, and what the count was begun anew with. */
export interface Position {
  readonly at: number;
  readonly params?: QueryParams;
}

/** The number itself, or both parts as JSON. */
export const tokenOf = ({ at, params }: Position): PageToken =>
  params === undefined ? at : stringifyJson({ at, params });

/** @throws ConnectorError when the token is not one of `tokenOf` */
export const positionOf = (owner: string, token: PageToken | undefined, first: number): Position => {
  if (token === undefined) return { at: first };
  const value = typeof token === 'number' ? token : jsonOf(token);
  if (typeof value === 'number') return { at: value };
  if (isJsonObject(value) && typeof value['at'] === 'number' && isJsonObject(value['params'])) {
    return { at: value['at'], params: value['params'] as QueryParams };
  }
  throw new ConnectorError(`${owner}: ${JSON.stringify(token)} is not a page token of this paginator.`);
};

const jsonOf = (token: string): unknown => {
  try {
    return parseLossless(token);
  } catch {
    return undefined;
  }
};

/** Parameters an author made of a record, where a long number may be anything the parser gives. */
export const plainParams = (params: QueryParams): QueryParams =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]): [string, QueryValue] => [
      name,
      isLosslessNumber(value) ? value.toString() : value,
    ]),
  );
