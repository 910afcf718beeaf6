import type { Description } from './description.ts';
import { flatten, type FlatSchema } from './flat-schema.ts';
import type { Operation } from './operations.ts';
import { plain, singular } from '../plan/words.ts';

/** Where the records of an answer stand. */
export interface ListAnswer {
  readonly recordsPath: string;
  readonly record: FlatSchema;
  /** What stands around the records; undefined where the answer is the list itself. */
  readonly wrapper: FlatSchema | undefined;
  readonly because: string;
}

/** Names that say "the list is here", whatever it is a list of. */
const LIST_NAMES =
  'data items results records values value entries elements resources content rows list hits objects nodes result collection'.split(
    ' ',
  );

/** Lists beside the records. */
const NEVER =
  /^(errors?|warnings?|links?|included|facets?|filters?|aggregations?|messages|notices|sort|order|columns|meta(data)?)$/;

/** Names of objects that may stand around the list. */
const AROUND = /^(embedded|result|results|response|data|body|payload|page|content|d)$/;

/** The records in the answer of an operation, or why there are none. */
export const listAnswer = (description: Description, operation: Operation): ListAnswer | string => {
  if (operation.answer === undefined) return 'no JSON answer is described';
  const answer = flatten(description, operation.answer.schema);
  if (answer.types.has('array')) {
    const record = flatten(description, ...answer.items);
    if (!isRecord(record)) return `it answers a list of ${typesText(record)}, not of objects`;
    return { recordsPath: '$[*]', record, wrapper: undefined, because: 'The answer is a list of objects.' };
  }
  if (answer.types.size > 0 && !answer.types.has('object')) return `it answers ${typesText(answer)}`;
  if (answer.properties.size === 0) {
    return answer.map === undefined
      ? 'nothing is said of its answer'
      : 'it answers an object whose member names are data';
  }
  const found = listIn(description, answer, operation, '$') ?? listWithin(description, answer, operation);
  return (
    found ??
    (hasLists(description, answer)
      ? 'it answers one object, and none of its lists is the answer'
      : 'it answers one object, no list')
  );
};

const listIn = (
  description: Description,
  wrapper: FlatSchema,
  operation: Operation,
  path: string,
  onlyByResource = false,
): ListAnswer | undefined => {
  const lists = [...wrapper.properties].flatMap(([name, schemas]) => {
    const list = flatten(description, ...schemas);
    if (!list.types.has('array') || NEVER.test(plain(name))) return [];
    const record = flatten(description, ...list.items);
    return isRecord(record) ? [{ name, record }] : [];
  });
  const resource = plain(resourceOf(operation));
  const isOne = [...wrapper.properties.keys()].some((name) => plain(name) === 'id') || operation.path.endsWith('}');
  const namedBy = (wanted: (name: string) => boolean) => lists.find(({ name }) => wanted(plain(name)));
  const isResource = (name: string) => singular(name) === singular(resource) || name === `${resource}list`;

  const called = isOne ? undefined : namedBy(isResource);
  if (onlyByResource && called === undefined) return undefined;
  const common = called ?? LIST_NAMES.map((known) => namedBy((name) => name === known)).find((it) => it !== undefined);
  const found = common ?? (lists.length === 1 && !isOne ? lists[0] : undefined);
  if (found === undefined) return undefined;
  const recordsPath = `${path}${stepOf(found.name)}[*]`;
  const why = called ? `it is called as the path is` : common ? 'its name says so' : 'it is the only list there';
  return {
    recordsPath,
    record: found.record,
    wrapper,
    because: `The answer has a list of objects in "${found.name}": ${why}.`,
  };
};

const listWithin = (description: Description, answer: FlatSchema, operation: Operation): ListAnswer | undefined => {
  if ([...answer.properties.keys()].some((name) => plain(name) === 'id')) return undefined;
  const resource = singular(plain(resourceOf(operation)));
  for (const [name, schemas] of answer.properties) {
    const inner = flatten(description, ...schemas);
    if (!inner.types.has('object')) continue;
    const isCommon = AROUND.test(plain(name)) || singular(plain(name)) === resource;
    const found = listIn(description, inner, operation, `$${stepOf(name)}`, !isCommon);
    if (found) return { ...found, wrapper: answer, because: `${found.because.slice(0, -1)}, within "${name}".` };
  }
  return undefined;
};

const hasLists = (description: Description, { properties }: FlatSchema): boolean =>
  [...properties.values()].some((schemas) => flatten(description, ...schemas).types.has('array'));

/** A path that ends with parameters is named by what stands before them. */
export const resourceOf = ({ segments }: Operation): string =>
  segments.filter((segment) => !segment.includes('{')).at(-1) ?? 'records';

const isRecord = ({ types, properties }: FlatSchema): boolean =>
  types.has('object') && (types.size === 1 || properties.size > 0);

const typesText = ({ types }: FlatSchema): string =>
  types.size === 0 ? 'something that is not described' : [...types].map((type) => `${type}s`).join(' or ');

export const stepOf = (key: string): string =>
  /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `['${key.replace(/[\\']/g, (sign) => `\\${sign}`)}']`;
