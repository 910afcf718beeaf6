import type { Guess, JsonObject, StreamPlan } from '../plan/plan.ts';
import { guessCursorField } from './keys.ts';
import { PAGE_PARAM } from './page-url.ts';
import { changedParams, type SamplePage } from './page-requests.ts';
import { guessPagination, sentBy } from './pagination.ts';
import type { PathParams } from './path-params.ts';
import type { Resource } from './paths.ts';
import { pathOf, recordsAt, type RecordPlace } from './record-place.ts';
import { Redactor } from './redact.ts';
import { mapPlaces, schemaOfRecords, unknownPlaces } from './schema.ts';
import { mergeShapes, NOTHING, shapeOf, type Shape } from './shape.ts';

/** What is known of a stream before its plan is written. */
export interface KnownStream {
  readonly name: string;
  readonly resource: Resource;
  readonly place: RecordPlace;
  /** Each record once, in the order they came. */
  readonly records: readonly JsonObject[];
  readonly shape: Shape;
  readonly primaryKey: { readonly field: string | undefined; readonly guess: Guess };
}

const MOST_EXAMPLES = 25;
const SINCE =
  /^(since|(updated|modified|changed)[-_]?(since|after|from|gte?|min)|if[-_]?modified[-_]?since|(min|from|start)[-_]?(updated|modified)([-_]?(at|date|time))?|last[-_]?(updated|modified)([-_]?(after|since))?)$/i;

/** The plan of one stream. */
export const streamPlanOf = (known: KnownStream, { path, pathParams, guesses }: PathParams): StreamPlan => {
  const { name, resource, place, records, shape, primaryKey } = known;
  const pages = longestRun(resource, place);
  const paged = guessPagination(pages);
  const changed = guessCursorField(records, shape);
  const cursorField = changed.field;
  const fixed = fixedQuery(resource, pages, sentBy(paged.pagination));
  const sinceParam = cursorField === undefined ? undefined : sinceParamOf(resource);
  const redactor = new Redactor();
  const examples = pick(records, shape).map((record) => redactor.record(record));
  const required = [primaryKey.field, cursorField].filter((field) => field !== undefined);
  return {
    name,
    description: `Records of ${path}.`,
    path,
    pathParams,
    query: fixed,
    recordsPath: pathOf(place),
    ...(primaryKey.field !== undefined && { primaryKey: primaryKey.field }),
    ...(cursorField !== undefined && { cursorField }),
    ...(sinceParam !== undefined && { sinceParam }),
    pagination: paged.pagination,
    schema: schemaOfRecords(shape, [...new Set(required)]),
    examples,
    guesses: [
      { about: 'record path', decided: pathOf(place), because: place.because },
      primaryKey.guess,
      changed.guess,
      ...(sinceParam === undefined ? [] : [sinceGuess(sinceParam)]),
      paged.guess,
      ...guesses,
      ...schemaGuesses(shape, records.length),
      ...redactionGuess(redactor),
    ],
  };
};

/** The shape of records, and each record once: pages that were asked for twice or overlap give some of them again. */
export const distinct = (records: readonly JsonObject[]): { records: readonly JsonObject[]; shape: Shape } => {
  const seen = new Map(records.map((record) => [textOf(record), record]));
  const all = [...seen.values()];
  return { records: all, shape: all.map(shapeOf).reduce(mergeShapes, NOTHING) };
};

const textOf = (record: JsonObject): string =>
  JSON.stringify(record, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));

/** The path with the most answers; the same URL asked for twice counts once. */
const longestRun = ({ groups }: Resource, place: RecordPlace): readonly SamplePage[] => {
  const runs = groups.map(({ answers }) => [...new Map(answers.map((answer) => [answer.url.href, answer])).values()]);
  const [longest = []] = runs.toSorted((one, other) => other.length - one.length);
  return longest.map((answer) => ({ answer, records: recordsAt(answer.body, place) }));
};

/** The parameters that all requests had, but for those that lead to a page or a time. */
const fixedQuery = (
  { groups }: Resource,
  pages: readonly SamplePage[],
  sent: readonly string[],
): Record<string, string | number | boolean> => {
  const urls = groups.flatMap(({ answers }) => answers.map(({ url }) => url));
  const changed = new Set(changedParams(pages));
  const all = [...(urls[0]?.searchParams ?? [])].filter(
    ([name, value]) =>
      !sent.includes(name) &&
      !changed.has(name) &&
      !PAGE_PARAM.test(name) &&
      !SINCE.test(name) &&
      !/^_(t|ts)?$/.test(name) &&
      urls.every((url) => url.searchParams.get(name) === value),
  );
  return Object.fromEntries(all.map(([name, value]) => [name, valueOf(value)]));
};

const valueOf = (text: string): string | number | boolean => {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
};

const sinceParamOf = ({ groups }: Resource): string | undefined => {
  const names = groups.flatMap(({ answers }) => answers.flatMap(({ url }) => [...url.searchParams.keys()]));
  return names.find((name) => SINCE.test(name));
};

const sinceGuess = (param: string): Guess => ({
  about: 'since parameter',
  decided: param,
  because: 'A request had it; check that it means the cursor field.',
});

/** The first records, but for those that are needed to have each field in one of them. */
const pick = (records: readonly JsonObject[], shape: Shape): readonly JsonObject[] => {
  const missing = new Set(shape.fields.keys());
  const needed = new Set<JsonObject>();
  for (const record of records) {
    const fresh = Object.keys(record).filter((key) => record[key] !== null && missing.delete(key));
    if (fresh.length > 0 && needed.size < MOST_EXAMPLES) needed.add(record);
  }
  for (const record of records) if (needed.size < MOST_EXAMPLES) needed.add(record);
  return records.filter((record) => needed.has(record));
};

const schemaGuesses = (shape: Shape, count: number): readonly Guess[] => {
  const unknown = unknownPlaces(shape);
  const maps = mapPlaces(shape);
  return [
    {
      about: 'schema',
      decided: `${shape.fields.size} fields`,
      because: `Merged over ${count} ${count === 1 ? 'record' : 'records'}; what was never null or absent may still be.`,
    },
    ...(unknown.length === 0
      ? []
      : [
          {
            about: 'schema',
            decided: `any value at ${unknown.join(', ')}`,
            because: 'Always null or empty in the samples.',
          },
        ]),
    ...(maps.length === 0
      ? []
      : [
          {
            about: 'schema',
            decided: `a map at ${maps.join(', ')}`,
            because: 'Its keys look like data, not like names.',
          },
        ]),
  ];
};

const redactionGuess = ({ counts }: Redactor): readonly Guess[] => {
  const because =
    'Names and addresses of persons cannot be told from other text: read the examples before you share them.';
  const kinds = [...counts].map(([kind, count]) => `${kind} (${count})`);
  const decided = kinds.length === 0 ? 'nothing replaced' : `replaced: ${kinds.join(', ')}`;
  return [{ about: 'examples', decided, because }];
};
