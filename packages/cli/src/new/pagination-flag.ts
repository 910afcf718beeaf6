import { InvalidArgumentError } from 'commander';

import type { JsonObject, PaginationPlan } from '../plan/plan.ts';

interface Form {
  readonly kind: Exclude<PaginationPlan['kind'], 'none'>;
  /** The option that stands behind the colon without a name. */
  readonly main?: string;
  readonly texts: readonly string[];
  readonly counts: readonly string[];
  readonly defaults: JsonObject;
}

/** One for each paginator of the kit; the options are called what the paginator calls them. */
const FORMS: Readonly<Record<string, Form>> = {
  'link-header': { kind: 'linkHeader', texts: ['hasMore'], counts: [], defaults: {} },
  'next-url': { kind: 'nextUrl', main: 'from', texts: ['from', 'hasMore'], counts: [], defaults: { from: '$.next' } },
  cursor: {
    kind: 'cursor',
    main: 'from',
    texts: ['from', 'lastRecord', 'param', 'hasMore'],
    counts: [],
    defaults: { from: '$.next_cursor' },
  },
  'page-number': {
    kind: 'pageNumber',
    main: 'param',
    texts: ['param', 'sizeParam', 'totalPages', 'total', 'hasMore'],
    counts: ['start', 'pageSize'],
    // An API that ignores a size would end the list with its first page, so no size is guessed.
    defaults: {},
  },
  offset: {
    kind: 'offset',
    main: 'param',
    texts: ['param', 'limitParam', 'total', 'hasMore'],
    counts: ['start', 'limit'],
    defaults: { limit: 100 },
  },
};

/** How `--pagination` is written. */
export const PAGINATION_WORDS: readonly string[] = ['none', ...Object.keys(FORMS)];

/**
 * Reads `--pagination`: a kind, and behind a colon the paginator's own options.
 *
 * @example parsePagination('cursor:$.next_cursor,param=after')
 * @throws InvalidArgumentError for an unknown kind or option
 */
export const parsePagination = (text: string): PaginationPlan => {
  const [, word = '', rest = ''] = /^([^:]*):?(.*)$/s.exec(text) ?? [];
  if (word === 'none' && rest === '') return { kind: 'none' };
  const form = FORMS[word];
  if (!form) throw new InvalidArgumentError(`"${text}" is unknown. Known: ${PAGINATION_WORDS.join(', ')}.`);
  const said = Object.fromEntries(rest === '' ? [] : rest.split(',').map((part) => readOption(word, form, part)));
  return { kind: form.kind, options: { ...defaultsBeside(said, form), ...said } };
};

const readOption = (word: string, form: Form, part: string): [string, string | number] => {
  const [, named, value = ''] = /^(\w+)=(.*)$/s.exec(part) ?? [undefined, form.main, part];
  const known = [...form.texts, ...form.counts];
  if (named === undefined || !known.includes(named)) {
    throw new InvalidArgumentError(`${word} has no option "${named ?? part}". Known: ${known.join(', ')}.`);
  }
  if (value === '') throw new InvalidArgumentError(`${word}: ${named} is empty.`);
  if (!form.counts.includes(named)) return [named, value];
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError(`${word}: ${named}=${value} is no whole number.`);
  return [named, Number(value)];
};

/** Some options exclude or need each other: what was said decides which defaults go with it. */
const defaultsBeside = (said: JsonObject, { kind, defaults }: Form): JsonObject => {
  if (kind === 'cursor' && 'lastRecord' in said) return {};
  if (kind === 'pageNumber' && ('sizeParam' in said || 'total' in said)) return { pageSize: 100 };
  return defaults;
};
