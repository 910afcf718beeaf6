import type { JsonObject, PaginationPlan } from '../plan/plan.ts';
import { answerMembers, type AnswerMember } from './answer-members.ts';
import { textOf, type Description } from './description.ts';
import { flatten } from './flat-schema.ts';
import type { ListAnswer } from './list-answer.ts';
import type { Operation, Param } from './operations.ts';
import { pageSizeOf, type PageSize } from './page-size.ts';
import {
  CERTAIN_PARAM,
  CERTAIN_URL,
  CURSOR_PARAM,
  HAS_MORE,
  LAST_RECORD_PARAM,
  NEXT_CURSOR,
  NEXT_URL,
  OFFSET,
  PAGE,
  PAGING,
  SIZE,
  TOTAL,
  TOTAL_PAGES,
} from './paging-names.ts';
import { plain } from '../plan/words.ts';

export interface Pagination {
  readonly plan: PaginationPlan;
  /** What is sent with each page beside what the paginator sends. */
  readonly query: Readonly<Record<string, number>>;
  readonly because: string;
}

interface Clues {
  readonly params: readonly Param[];
  readonly members: readonly AnswerMember[];
  readonly headers: readonly string[];
  readonly size: PageSize | undefined;
  readonly idField: string | undefined;
}

/**
 * How to get from one page to the next, by the names of the parameters and of the members around the records.
 *
 * @param linked whether other operations of the API are said to have a `Link` header
 */
export const paginationOf = (
  description: Description,
  { answer, params }: Operation,
  { wrapper, record }: ListAnswer,
  linked = false,
): Pagination => {
  const query = params.filter((param) => param.in === 'query');
  const sizeParam = query.find(({ name, schema }) => SIZE.test(plain(name)) && isNumber(description, schema));
  const clues: Clues = {
    params: query,
    members: answerMembers(description, wrapper),
    headers: answer?.headers ?? [],
    size: sizeParam && pageSizeOf(sizeParam),
    idField: ['id', 'uuid', 'gid'].find((name) => record.properties.has(name)),
  };
  const found =
    byLink(clues) ?? byUrl(clues) ?? byCursor(clues) ?? byPage(description, clues) ?? byOffset(description, clues);
  if (found) return found;
  const param = query.find((each) => certainty(each) > 0 && CURSOR_PARAM.test(plain(each.name)));
  if (param && linked && wrapper === undefined) {
    const because = `The parameter "${param.name}" takes a cursor, and other operations have it in a Link header.`;
    return made('linkHeader', {}, clues.size, because);
  }
  const { size } = clues;
  return {
    plan: { kind: 'none' },
    query: size ? { [size.param]: size.size } : {},
    because: size
      ? `"${size.param}" cuts the list, but neither a parameter nor the answer leads to the next page. ${size.because}`
      : 'Neither a parameter nor the answer speaks of pages.',
  };
};

const byLink = ({ headers, size }: Clues): Pagination | undefined =>
  headers.includes('link') ? made('linkHeader', {}, size, 'The answer is said to have a Link header.') : undefined;

const byUrl = ({ members, size }: Clues): Pagination | undefined => {
  const hasPrevious = members.some(({ name }) => /^prev(ious)?/.test(name));
  const found = members.find(({ name, within, flat, path }) => {
    if (name === 'href') return NEXT_URL.test(within);
    if (!NEXT_URL.test(name) || !flat.types.has('string')) return false;
    const isUrl = /^(uri|url|uri-reference)$/.test(flat.format ?? '') || /^(https?:|\/|\?)/.test(textOf(flat.example));
    const said = /\b(urls?|uri|links?)\b/i.test(flat.description ?? '');
    return (
      CERTAIN_URL.test(name) ||
      isUrl ||
      said ||
      within === 'links' ||
      (name === 'next' && hasPrevious && path === '$.next')
    );
  });
  const at = found?.name === 'href' ? found.path.slice(0, -'.href'.length) : found?.path;
  return at === undefined
    ? undefined
    : made('nextUrl', { from: at }, size, `The answer has the URL of the next page at ${at}.`);
};

const byCursor = ({ params, members, headers, size, idField }: Clues): Pagination | undefined => {
  const more = members.find(({ name, flat }) => HAS_MORE.test(name) && flat.types.has('boolean'))?.path;
  const param = params
    .filter(({ name }) => CURSOR_PARAM.test(plain(name)))
    .toSorted((a, b) => certainty(b) - certainty(a))[0];
  if (param === undefined) return undefined;
  const sent = param.name === 'cursor' ? {} : { param: param.name };
  const isCertain = certainty(param) > 0;
  const same = members.find(
    ({ name, within, flat }) =>
      isCertain && name === plain(param.name) && PAGING.test(within) && flat.types.has('string'),
  );
  const next = members.find(
    ({ name, within, flat }) =>
      NEXT_CURSOR.test(name) &&
      PAGING.test(within) &&
      (flat.types.has('string') || flat.types.has('integer') || flat.types.size === 0) &&
      (isCertain || /cursor|token|continuation/.test(name)),
  );
  const header = headers.find((name) => /next-?(page-?)?(cursor|token)|continuation-?token/.test(name));
  const from = next?.path ?? header ?? same?.path;
  const rule = more !== undefined && { hasMore: more };
  if (from !== undefined) {
    const place = from === header ? `the header ${header}` : from;
    return made(
      'cursor',
      { from, ...sent, ...rule },
      size,
      `The parameter "${param.name}" takes what the answer has at ${place}.`,
    );
  }
  if (!LAST_RECORD_PARAM.test(plain(param.name)) || idField === undefined) return undefined;
  const because = `The parameter "${param.name}" takes the ${idField} of the last record; the answer has no other cursor.`;
  return made('cursor', { lastRecord: `$.${idField}`, ...sent, ...rule }, size, because);
};

const certainty = ({ name }: Param): number => (CERTAIN_PARAM.test(plain(name)) ? 1 : 0);

const byPage = (description: Description, clues: Clues): Pagination | undefined => {
  const { params, size } = clues;
  const param = params.find(({ name, schema }) => PAGE.test(plain(name)) && isNumber(description, schema));
  if (param === undefined) return undefined;
  const isFromZero = param.schema['minimum'] === 0 || param.schema['default'] === 0;
  const options = {
    ...(param.name !== 'page' && { param: param.name }),
    ...(isFromZero && { start: 0 }),
    ...(size && { pageSize: size.size, sizeParam: size.param }),
    ...stopOf(clues, size !== undefined),
  };
  return made(
    'pageNumber',
    options,
    size,
    `The parameter "${param.name}" counts pages${isFromZero ? ', from 0 on' : ''}.`,
    {},
  );
};

const byOffset = (description: Description, clues: Clues): Pagination | undefined => {
  const { params, size } = clues;
  const param = params.find(({ name, schema }) => OFFSET.test(plain(name)) && isNumber(description, schema));
  if (param === undefined || size === undefined) return undefined;
  const start = param.schema['minimum'] === 1 ? { start: 1 } : {};
  const options = {
    ...(param.name !== 'offset' && { param: param.name }),
    limit: size.size,
    ...(size.param !== 'limit' && { limitParam: size.param }),
    ...start,
    ...stopOf(clues, true),
  };
  return made('offset', options, size, `The parameter "${param.name}" counts records.`, {});
};

const stopOf = ({ members }: Clues, hasSize: boolean): JsonObject => {
  const at = (names: RegExp, ...types: readonly string[]) =>
    members.find(
      ({ name, flat, within }) => names.test(name) && PAGING.test(within) && types.some((type) => flat.types.has(type)),
    )?.path;
  const hasMore = at(HAS_MORE, 'boolean');
  if (hasMore !== undefined) return { hasMore };
  const totalPages = at(TOTAL_PAGES, 'integer', 'number');
  if (totalPages !== undefined && !hasSize) return { totalPages };
  const total = at(TOTAL, 'integer', 'number');
  if (total !== undefined && hasSize) return { total };
  return totalPages === undefined ? {} : { totalPages };
};

const made = (
  kind: Exclude<PaginationPlan['kind'], 'none'>,
  options: JsonObject,
  size: PageSize | undefined,
  because: string,
  query: Readonly<Record<string, number>> = size ? { [size.param]: size.size } : {},
): Pagination => ({ plan: { kind, options }, query, because: size ? `${because} ${size.because}` : because });

const isNumber = (description: Description, schema: unknown): boolean => {
  const { types } = flatten(description, schema);
  return types.size === 0 || types.has('integer') || types.has('number');
};
