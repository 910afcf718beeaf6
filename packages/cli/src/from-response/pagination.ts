import {
  cursor,
  detectPaginator,
  linkHeader,
  nextUrl,
  offset,
  pageNumber,
  type AnsweredPage,
  type Paginator,
} from '@headwater/core';

import type { Guess, PaginationPlan } from '../plan/plan.ts';
import type { PlacedAnswer } from './answer.ts';
import { withoutCredentials } from './credentials.ts';
import { candidatesFromRequests, changedParams, type SamplePage } from './page-requests.ts';

type Known = Exclude<PaginationPlan, { readonly kind: 'none' }>;

/**
 * How the API gives page after page: by what the first answer says, tried out against the requests that followed it.
 *
 * @param pages answers to the same question in the order they came
 */
export const guessPagination = (
  pages: readonly SamplePage[],
): { readonly pagination: PaginationPlan; readonly guess: Guess } => {
  const about = 'pagination';
  const [first] = pages;
  const detected = first && detect(first.answer);
  const derived = candidatesFromRequests(pages, detected);
  const told = detected ? [{ kind: detected.kind, options: detected.options } satisfies Known] : [];
  const isUnsized = detected?.kind === 'pageNumber' && detected.options['pageSize'] === undefined;
  const candidates = isUnsized ? [...derived, ...told] : [...told, ...derived];
  const confirmed = pages.length > 1 ? candidates.find((one) => agrees(one, pages)) : undefined;
  if (confirmed) {
    const says = confirmed === told[0] && detected ? `${detected.because} ` : '';
    const because = `${says}Confirmed: ${pages.length} answers were asked for one after the other that way.`;
    return { pagination: confirmed, guess: { about, decided: codeOf(confirmed), because } };
  }
  const later =
    pages.length > 1
      ? ` Not confirmed: the later requests differ in ${differences(pages)}.`
      : ' Only one page was seen.';
  if (!detected) {
    return {
      pagination: { kind: 'none' },
      guess: { about, decided: 'none', because: `Nothing in the answer speaks of other pages.${later}` },
    };
  }
  const { kind, options, code, because } = detected;
  return { pagination: { kind, options }, guess: { about, decided: code, because: `${because}${later}` } };
};

const detect = ({ headers, url, body }: PlacedAnswer) => detectPaginator({ headers, url: url.href, body });

/** Whether the paginator would have sent the very requests that were sent. */
const agrees = (plan: Known, pages: readonly SamplePage[]): boolean => {
  try {
    const paginator = paginatorOf(plan);
    let token: AnsweredPage['nextPageToken'];
    return pages.slice(1).every((page, pageIndex) => {
      const { answer, records } = pages[pageIndex]!;
      const { headers, body } = answer;
      const read = { status: 200, headers, url: answer.url.href, body, pageIndex };
      const seen = { recordCount: records.length, lastRecord: records.at(-1), nextPageToken: token };
      token = paginator.next({ ...read, ...seen });
      return token !== undefined && isRequest(paginator.request(token), page.answer.url, plan);
    });
  } catch {
    // Options that do not fit together, or a page that such a paginator cannot read: it is another one.
    return false;
  }
};

/** A size that the API was not asked for does not speak against a paginator. */
const isRequest = ({ url, params = {} }: ReturnType<Paginator['request']>, asked: URL, plan: Known): boolean => {
  if (url !== undefined) return sorted(withoutCredentials(new URL(url))) === sorted(asked);
  const [leads] = sentBy(plan);
  return Object.entries(params).every(([name, value]) => {
    const sent = asked.searchParams.get(name);
    return sent === null ? name !== leads : sent === String(value);
  });
};

const sorted = (url: URL): string => {
  const copy = new URL(url);
  copy.searchParams.sort();
  return copy.href;
};

/** The options come from where the kit writes them itself, or are tried out right away. */
const paginatorOf = ({ kind, options }: Known): Paginator => {
  if (kind === 'linkHeader') return linkHeader();
  if (kind === 'nextUrl') return nextUrl(options as never);
  if (kind === 'cursor') return cursor(options as never);
  return kind === 'pageNumber' ? pageNumber(options) : offset(options as never);
};

const differences = (pages: readonly SamplePage[]): string => {
  const names = changedParams(pages);
  return names.length === 0 ? 'nothing' : names.join(', ');
};

const codeOf = ({ kind, options }: Known): string => {
  const members = Object.entries(options).map(([name, value]) => `${name}: ${literal(value)}`);
  return members.length === 0 ? `${kind}()` : `${kind}({ ${members.join(', ')} })`;
};

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replace(/[\\']/g, (sign) => `\\${sign}`)}'` : String(value);

/** The names of parameters that the paginator sends by itself; first the one that leads to the page. */
export const sentBy = (plan: PaginationPlan): readonly string[] => {
  const usual = { none: [], linkHeader: [], nextUrl: [], cursor: ['cursor'], pageNumber: ['page'], offset: ['offset'] };
  if (plan.kind === 'none') return [];
  const { param, sizeParam, limitParam = plan.kind === 'offset' ? 'limit' : undefined } = plan.options;
  return [param ?? usual[plan.kind][0], sizeParam, limitParam].filter((name) => typeof name === 'string');
};
