import { isJsonObject } from '../types/read-document.ts';
import type { JsonObject, PaginationPlan } from '../plan/plan.ts';
import type { PlacedAnswer } from './answer.ts';

/** An answer with the records in it. */
export interface SamplePage {
  readonly answer: PlacedAnswer;
  readonly records: readonly JsonObject[];
}

type Known = Exclude<PaginationPlan, { readonly kind: 'none' }>;

/** Parameters of the query that were not the same in all requests. */
export const changedParams = (pages: readonly SamplePage[]): readonly string[] => {
  const queries = pages.map(({ answer }) => answer.url.searchParams);
  const names = new Set(queries.flatMap((query) => [...query.keys()]));
  return [...names].filter(
    (name) => !/^_(t|ts)?$/.test(name) && new Set(queries.map((query) => query.get(name))).size > 1,
  );
};

/** Paginators that would explain what changed from one request to the next, the likelier first; to be tried out. */
export const candidatesFromRequests = (
  pages: readonly SamplePage[],
  detected: { readonly kind: string; readonly options: JsonObject } | undefined,
): readonly Known[] =>
  changedParams(pages).flatMap((param) => {
    const [first, second] = pages;
    const before = first?.answer.url.searchParams.get(param);
    const value = second?.answer.url.searchParams.get(param);
    if (!first || value === null || value === undefined) return [];
    const of = (kind: Known['kind']): JsonObject => (detected?.kind === kind ? detected.options : {});
    const named = (usual: string): JsonObject => (param === usual ? {} : { param });
    const more = Object.entries(detected?.options ?? {}).filter(([name]) => name === 'hasMore');
    const cursors = placesOf(first.answer.body, value).map((from) => ({ from }));
    const lastRecord = fieldOf(first.records.at(-1), value);
    return [
      ...(/^\d+$/.test(value) ? counted({ param, before, first, named, of }) : []),
      ...[...cursors, ...(lastRecord === undefined ? [] : [{ lastRecord }])].map((from): Known => {
        return { kind: 'cursor', options: { ...from, ...named('cursor'), ...Object.fromEntries(more) } };
      }),
    ];
  });

interface Counting {
  readonly param: string;
  /** Its value in the first request. */
  readonly before: string | null | undefined;
  readonly first: SamplePage;
  readonly named: (usual: string) => JsonObject;
  readonly of: (kind: Known['kind']) => JsonObject;
}

const counted = ({ param, before, first, named, of }: Counting): readonly Known[] => {
  const { records, answer } = first;
  const sizeParam = [...answer.url.searchParams].find(([, value]) => value === String(records.length))?.[0];
  const start = before === '0' ? { start: 0 } : {};
  const sized = sizeParam === undefined ? {} : { pageSize: records.length, sizeParam };
  const { param: _page, ...page } = of('pageNumber');
  const { param: _offset, ...rest } = of('offset');
  const limited = sizeParam === undefined || sizeParam === 'limit' ? {} : { limitParam: sizeParam };
  const pages: readonly Known[] = [
    { kind: 'pageNumber', options: { ...named('page'), ...start, ...sized, ...page } },
    { kind: 'pageNumber', options: { ...named('page'), ...start, ...sized } },
  ];
  const offsets: readonly Known[] = [
    { kind: 'offset', options: { ...named('offset'), limit: records.length, ...limited, ...rest } },
    { kind: 'offset', options: { ...named('offset'), limit: records.length, ...limited } },
  ];
  // The second page of two records each may be number 2 and offset 2: then the name decides.
  return /offset|skip|start|from|index/i.test(param) ? [...offsets, ...pages] : [...pages, ...offsets];
};

/** Paths of the members outside of lists that have this value. */
const placesOf = (node: unknown, value: string, path = '$', depth = 0): readonly string[] => {
  if (!isJsonObject(node) || depth > 4) return [];
  return Object.entries(node).flatMap(([key, member]) => {
    const at = path + stepOf(key);
    const isScalar = typeof member === 'string' || typeof member === 'number' || typeof member === 'bigint';
    if (isScalar) return String(member) === value ? [at] : [];
    return placesOf(member, value, at, depth + 1);
  });
};

const fieldOf = (record: JsonObject | undefined, value: string): string | undefined => {
  const key = Object.keys(record ?? {}).find((name) => record && isId(record[name]) && String(record[name]) === value);
  return key === undefined ? undefined : `$${stepOf(key)}`;
};

const isId = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';

const stepOf = (name: string): string =>
  /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `['${name.replace(/[\\']/g, (sign) => `\\${sign}`)}']`;
