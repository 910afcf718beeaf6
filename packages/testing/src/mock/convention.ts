import type { ReceivedRequest } from '../loopback-server.ts';
import { namesIn } from './body-path.ts';
import { fieldOf, type RequestPart } from './request-fields.ts';

/** A list that is asked for a page. */
export interface Asked {
  readonly request: ReceivedRequest;
  readonly items: readonly object[];
  /** Records in a full page. */
  readonly size: number;
}

/** A page of it. */
export interface Cut extends Asked {
  /** The index of its first record in the list. */
  readonly start: number;
  /** The index after its last record. */
  readonly end: number;
}

/** A value beside the records: a path into the body, or the name of a header, and what stands there. */
export type Said = readonly [place: string | undefined, value: string | number | boolean | null];

/** What makes one way of paging different from the others. */
export interface Convention {
  /** The parameter that asks for a size, if there is one. */
  readonly sizeParam: string | undefined;
  /** The size of a page that is asked for without one. */
  readonly size: number;
  readonly maxSize?: number | undefined;
  readonly part?: RequestPart | undefined;
  /**
   * The index the asked page begins at.
   *
   * @throws BadRequest when the request does not make sense
   */
  start(asked: Asked): number;
  /** What the page says beside its records; a place that is undefined is left out. */
  says(cut: Cut): readonly Said[];
}

/** What a good API answers with 400. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

export const PAGE_SIZE = 20;

/** The text of a parameter; undefined when it is not sent. */
export const paramOf = (request: ReceivedRequest, name: string, part: RequestPart = 'query'): string | undefined =>
  fieldOf(request, part, part === 'body' ? namesIn('param', name) : [name]);

/**
 * A parameter that is a whole number.
 *
 * @throws BadRequest for any other text, or a number below `least`
 */
export const countOf = (
  request: ReceivedRequest,
  name: string,
  { least, otherwise, part }: { least: number; otherwise: number; part?: RequestPart | undefined },
): number => {
  const text = paramOf(request, name, part);
  if (text === undefined) return otherwise;
  const count = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (count >= least) return count;
  throw new BadRequest(`${name}: ${JSON.stringify(text)} is not a whole number from ${least} on.`);
};
