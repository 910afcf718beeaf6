import { isJsonObject } from '../types/read-document.ts';
import type { JsonObject } from '../plan/plan.ts';

/** Where the records of an answer are. */
export interface RecordPlace {
  /** Member names from the top. */
  readonly names: readonly string[];
  /** An array of records; else the place holds one record. */
  readonly isList: boolean;
  /** The member of each item that is the record: `node` of the edges of GraphQL. */
  readonly inner?: string;
  /** Why it was taken, in plain text. */
  readonly because: string;
}

const USUAL =
  /^(data|items|item|results?|records?|values?|entries|rows|content|hits|edges|nodes|list|objects|elements|resources)$/i;
const BESIDE =
  /^(errors?|warnings?|messages?|included|links?|_links|facets?|aggregations?|filters?|breadcrumbs?|columns)$/i;
const DEPTH = 5;
/** What a list has to score where the answer itself has a key, as a record has. */
const OWN_KEY = 9;

const hasKey = (body: unknown): boolean =>
  isJsonObject(body) && ['id', '_id', 'uuid', 'key'].some((key) => Object.hasOwn(body, key));

interface Candidate {
  readonly names: readonly string[];
  readonly items: JsonObject[];
}

/**
 * The likeliest array of objects in answers to the same question: by its name, its length, how alike its items are, and
 * how deep it stands. Undefined where all lists are empty, or nothing is an object.
 *
 * @param resource the last name in the path of the URL, which a list may be named by; `isDetail`: the path ends with an id
 */
export const findRecords = (
  bodies: readonly unknown[],
  { resource, isDetail = false }: { readonly resource: string; readonly isDetail?: boolean },
): RecordPlace | undefined => {
  const found = new Map<string, Candidate>();
  let empty = false;
  for (const body of bodies) empty = collect(body, [], found) || empty;
  const ranked = [...found.values()]
    .map((candidate) => ({ ...candidate, score: scoreOf(candidate, resource) }))
    .toSorted((one, other) => other.score - one.score);
  const [best, second] = ranked;
  const own = bodies.every(hasKey) ? OWN_KEY + (isDetail ? 6 : 0) : 0;
  if (best && (best.score > own || best.names.length === 0)) {
    const inner = best.items.every((item) => isJsonObject(item['node']) && Object.keys(item).length <= 2);
    const place = { names: best.names, isList: true, ...(inner && { inner: 'node' }) };
    const than = second ? ` Next to it in likeliness: ${pathOf({ ...second, isList: true, because: '' })}.` : '';
    return { ...place, because: `${reasonOf(best, resource)}${than}` };
  }
  if ((empty && own === 0) || !bodies.every(isJsonObject) || bodies.length === 0) return undefined;
  return { names: [], isList: false, because: 'The answer is one object that looks like a record itself.' };
};

/** As `recordsPath` of a stream is written. */
export const pathOf = ({ names, isList, inner }: RecordPlace): string =>
  `$${names.map(stepOf).join('')}${isList ? '[*]' : ''}${inner === undefined ? '' : stepOf(inner)}`;

/** The records of one answer; none where the path leads nowhere. */
export const recordsAt = (body: unknown, { names, isList, inner }: RecordPlace): readonly JsonObject[] => {
  const node = names.reduce<unknown>(
    (at, name) => (isJsonObject(at) && Object.hasOwn(at, name) ? at[name] : undefined),
    body,
  );
  const items: readonly unknown[] = isList ? (Array.isArray(node) ? node : []) : [node];
  return items.map((item) => (inner !== undefined && isJsonObject(item) ? item[inner] : item)).filter(isJsonObject);
};

/** Whether there is an empty list where records are usual. */
const collect = (node: unknown, names: readonly string[], found: Map<string, Candidate>): boolean => {
  if (Array.isArray(node)) {
    if (node.length === 0) return names.length === 0 || USUAL.test(names.at(-1) ?? '');
    if (!node.every(isJsonObject)) return false;
    const key = JSON.stringify(names);
    const candidate = found.get(key) ?? { names, items: [] };
    for (const item of node) candidate.items.push(item);
    found.set(key, candidate);
    return false;
  }
  if (!isJsonObject(node) || names.length >= DEPTH) return false;
  let empty = false;
  for (const [key, value] of Object.entries(node)) empty = collect(value, [...names, key], found) || empty;
  return empty;
};

const scoreOf = ({ names, items }: Candidate, resource: string): number => {
  const name = names.at(-1) ?? 'data';
  const named = USUAL.test(name) || isSame(name, resource) || names.at(-2) === '_embedded' ? 5 : 0;
  const beside = names.some((part) => BESIDE.test(part)) ? 6 : 0;
  return named - beside + Math.log2(1 + items.length) + 3 * uniformity(items) - names.length;
};

const isSame = (name: string, resource: string): boolean => {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
      .replace(/s$/, '');
  return plain(name) !== '' && plain(name) === plain(resource);
};

/** How many of all fields an item has on average, from 0 to 1. */
const uniformity = (items: readonly JsonObject[]): number => {
  const keys = items.map((item) => Object.keys(item));
  const all = new Set(keys.flat());
  return all.size === 0 ? 0 : keys.reduce((sum, { length }) => sum + length, 0) / items.length / all.size;
};

const reasonOf = ({ names, items }: Candidate, resource: string): string => {
  const last = names.at(-1);
  const alike = `${Math.round(uniformity(items) * 100)} % of the fields are in each`;
  const seen = `${items.length} ${items.length === 1 ? 'object' : 'objects'}, ${alike}`;
  if (last === undefined) return `The answer itself is a list: ${seen}.`;
  const name = USUAL.test(last) ? ', and its name is a usual one' : isSame(last, resource) ? ', named as the URL' : '';
  return `The likeliest list of objects: ${seen}${name}.`;
};

const stepOf = (name: string): string =>
  /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `['${name.replace(/[\\']/g, (sign) => `\\${sign}`)}']`;
