import type { Reply } from '../reply.ts';
import type { RoutedRequest } from './answer.ts';
import { documentOf, isNode, namesIn, parseBodyPath, putAt, type BodyPathStep } from './body-path.ts';
import { withinBounds, type Bound } from './bounds.ts';
import { conventionOf } from './convention-of.ts';
import { BadRequest, countOf, type Convention, type Cut } from './convention.ts';
import { refusal } from './handler.ts';
import type { Paging } from './paging.ts';
import { withPageTwice, withDrift, type Drift } from './unsteady.ts';

/** A list of records and how an API serves it. */
export interface CollectionOptions {
  /** The records, in the order the API gives them; or what makes them of a request. Undefined is answered with 404. */
  readonly items: readonly object[] | ((request: RoutedRequest) => readonly object[] | undefined);
  /**
   * How the pages are asked for and lead on: the words of the kit's paginators.
   *
   * @default { kind: 'none' }: the whole list in one answer
   */
  readonly paging?: Paging;
  /**
   * Where a page has its records, as in a stream: `$.data[*]`, `$.edges[*].node`. Without a wildcard, the first of the
   * items is all there is.
   *
   * @default '$[*]': the page is an array
   */
  readonly recordsPath?: string;
  /**
   * What else every page has around its records. It needs a `recordsPath` with a name.
   *
   * @default nothing
   */
  readonly body?: Readonly<Record<string, unknown>>;
  /**
   * The parameter that leaves out what is older. What equals it is given.
   *
   * @default none
   */
  readonly since?: Bound;
  /**
   * The parameter that leaves out what is newer. What equals it is given.
   *
   * @default none
   */
  readonly until?: Bound;
  /**
   * Changes the list between two pages, as it happens when people work while it is read.
   *
   * @default the list stays
   */
  readonly drift?: Drift;
  /**
   * The number, from 1, of a page that comes a second time in place of the next one. The rest of the list follows.
   *
   * @default none
   */
  readonly duplicatePage?: number;
}

/**
 * What serves a list. A parameter that makes no sense is answered with 400.
 *
 * @throws TypeError for options that do not fit together
 */
export const collection = (options: CollectionOptions): ((request: RoutedRequest) => Reply) => {
  const { items, paging = { kind: 'none' }, recordsPath = '$[*]', body = {}, drift, duplicatePage } = options;
  const path = parseBodyPath('recordsPath', recordsPath);
  const convention = conventionOf(paging);
  checkFit(path, recordsPath, options, paging);
  if (!(convention.size >= 1)) throw new TypeError(`paging: a page of ${convention.size} records has no end.`);
  let served = 0;

  const cut = (request: RoutedRequest, list: readonly object[]): Cut => {
    const { sizeParam, size: usual, maxSize = Infinity, part } = convention;
    const asked = sizeParam === undefined ? usual : countOf(request, sizeParam, { least: 1, otherwise: usual, part });
    const size = Math.min(asked, maxSize);
    const current = drift ? withDrift(list, drift, served) : list;
    const steady = withinBounds(current, request, options);
    const all = duplicatePage === undefined ? steady : withPageTwice(steady, duplicatePage, size);
    const start = convention.start({ request, items: all, size });
    return { request, items: all, size, start, end: Math.min(start + size, all.length) };
  };

  return (request) => {
    const list = typeof items === 'function' ? items(request) : items;
    if (list === undefined) return refusal(404, `There is no ${request.path}.`);
    try {
      const page = cut(request, list);
      served += 1;
      return written(page, convention.says(page), path, body);
    } catch (error) {
      if (error instanceof BadRequest) return refusal(400, error.message);
      throw error;
    }
  };
};

const written = (
  { items, start, end }: Cut,
  said: ReturnType<Convention['says']>,
  path: readonly BodyPathStep[],
  around: Readonly<Record<string, unknown>>,
): Reply => {
  const records = documentOf(path, items.slice(start, end));
  const body = isNode(records) && path.length > 0 ? merged(structuredClone(around), records) : records;
  const headers: Record<string, string> = {};
  for (const [place, value] of said) {
    if (place === undefined) continue;
    if (!place.startsWith('$')) {
      if (value !== null) headers[place.toLowerCase()] = String(value);
    } else if (isNode(body)) putAt(body, namesIn('paging', place), value);
  }
  return { headers, body };
};

const merged = (around: Readonly<Record<string, unknown>>, inner: Record<string, unknown>): Record<string, unknown> => {
  const body: Record<string, unknown> = { ...around };
  for (const [name, value] of Object.entries(inner)) {
    const before = body[name];
    body[name] = isNode(before) && isNode(value) ? merged(before, value) : value;
  }
  return body;
};

/** Where a paging writes something beside the records. */
const placesOf = (paging: Paging): readonly string[] =>
  (['from', 'total', 'totalPages', 'hasMore'] as const).flatMap((name) => {
    const place: unknown = (paging as Readonly<Record<string, unknown>>)[name];
    return typeof place === 'string' ? [place] : [];
  });

const checkFit = (
  path: readonly BodyPathStep[],
  recordsPath: string,
  { body, duplicatePage }: CollectionOptions,
  paging: Paging,
): void => {
  const places = placesOf(paging);
  for (const place of places) namesIn('paging', place);
  const beside = [...places.filter((place) => place.startsWith('$')), ...Object.keys(body ?? {})];
  if (beside.length > 0 && (path[0] === undefined || path[0] === 'each')) {
    throw new TypeError(
      `A page whose records are at ${recordsPath} has no room for ${beside.join(', ')}. Give recordsPath a name, such as ` +
        `$.data[*], or use a header.`,
    );
  }
  if (duplicatePage !== undefined && paging.kind === 'cursor' && paging.lastRecord !== undefined) {
    throw new TypeError('duplicatePage: a list that goes on after its last record would never end.');
  }
};
