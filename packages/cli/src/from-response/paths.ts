import type { JsonObject } from '../plan/plan.ts';
import type { PlacedAnswer } from './answer.ts';
import { findRecords, recordsAt, type RecordPlace } from './record-place.ts';

/** Answers of one path. */
export interface PathGroup {
  /** The segments of the path, decoded. */
  readonly segments: readonly string[];
  readonly answers: readonly PlacedAnswer[];
  readonly place: RecordPlace | undefined;
  readonly records: readonly JsonObject[];
}

/** Paths that are the same but for the values of parameters. */
export interface Resource {
  /** Undefined for a parameter. */
  readonly template: readonly (string | undefined)[];
  readonly groups: readonly PathGroup[];
}

/** Answers by their path, in the order they came. */
export const groupByPath = (answers: readonly PlacedAnswer[]): readonly PathGroup[] => {
  const paths = new Map<string, PlacedAnswer[]>();
  for (const answer of answers) {
    const path = answer.url.pathname.replace(/\/+$/, '');
    const group = paths.get(path);
    if (!group) paths.set(path, [answer]);
    else group.push(answer);
  }
  return [...paths].map(([path, group]) => {
    const segments = path.split('/').filter(Boolean).map(decoded);
    const resource = segments.at(-1) ?? '';
    const isDetail = isIdLike(resource);
    const place = findRecords(
      group.map(({ body }) => body),
      { resource, isDetail },
    );
    const records = place ? group.flatMap(({ body }) => recordsAt(body, place)) : [];
    return { segments, answers: group, place, records };
  });
};

/** Puts together the paths that differ only in ids: segments that look like one, or are the key of a record of the path before them. */
export const groupByTemplate = (groups: readonly PathGroup[]): readonly Resource[] => {
  const lists = new Map(groups.filter(({ place }) => place?.isList).map((group) => [keyOf(group.segments), group]));
  const resources = new Map<string, { readonly template: Resource['template']; readonly groups: PathGroup[] }>();
  for (const group of groups) {
    const template = group.segments.map((segment, index) => {
      if (index === 0) return segment;
      const list = lists.get(keyOf(group.segments.slice(0, index)));
      return isIdLike(segment) || (list && isKeyIn(list, segment)) ? undefined : segment;
    });
    const key = keyOf(template.map((segment) => segment ?? '\u0000'));
    const resource = resources.get(key);
    if (resource) resource.groups.push(group);
    else resources.set(key, { template, groups: [group] });
  }
  return [...resources.values()];
};

/** Fields that paths name records by, the likelier first. */
export const PATH_KEYS = [
  'id',
  'uuid',
  'guid',
  '_id',
  'key',
  'slug',
  'name',
  'login',
  'username',
  'code',
  'number',
  'sku',
];

const isKeyIn = ({ records }: PathGroup, segment: string): boolean =>
  records.some((record) => PATH_KEYS.some((key) => isScalar(record[key]) && String(record[key]) === segment));

export const isScalar = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';

const ID =
  /^(\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,}|[a-z]{2,8}_[A-Za-z0-9]{10,}|(?=[^a-z]*\d)[0-9A-HJKMNP-TV-Z]{26}|(?=.*\d)(?=.*[A-Z])[A-Za-z0-9]{15,}|[^@\s]+@[^@\s]+\.\w+)$/;

const isIdLike = (segment: string): boolean => ID.test(segment);

const VERSION = /^(api|rest|v\d+([._]\d+)*|\d{4}-\d\d(-\d\d)?|services?|public|latest|admin|json|odata)$/i;

/** How many segments all paths begin with that name no resource: `/api/v1`. */
export const sharedSegments = (groups: readonly PathGroup[]): number => {
  const [first] = groups;
  if (!first) return 0;
  let count = 0;
  for (const segment of first.segments.slice(0, -1)) {
    if (!VERSION.test(segment)) break;
    if (!groups.every(({ segments }) => segments[count] === segment && segments.length > count + 1)) break;
    count++;
  }
  return count;
};

const keyOf = (segments: readonly string[]): string => segments.map(encodeURIComponent).join('/');

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};
