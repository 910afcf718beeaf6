import type { JsonObject } from '../plan/plan.ts';
import { EMAIL } from './formats.ts';
import { mergeShapes, NOTHING, type Shape } from './shape.ts';

/** The JSON Schema (draft-07) of the records of a shape; only the named fields are required, and no value is listed. */
export const schemaOfRecords = (shape: Shape, required: readonly string[] = []): JsonObject => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  ...(required.length > 0 && { required }),
  properties: propertiesOf(shape),
});

/** Where the samples say too little: paths of fields that are always null, and of lists that are always empty. */
export const unknownPlaces = (shape: Shape, path = ''): readonly string[] => {
  if (shape.count === shape.nulls) return [path];
  const inItems = shape.arrays === 0 ? [] : shape.items ? unknownPlaces(shape.items, `${path}[]`) : [`${path}[]`];
  const inFields = isMap(shape)
    ? unknownPlaces(memberShape(shape), `${path}.*`)
    : [...shape.fields].flatMap(([key, field]) => unknownPlaces(field, path === '' ? key : `${path}.${key}`));
  return [...inItems, ...inFields];
};

/** Paths of the objects that are taken for maps. */
export const mapPlaces = (shape: Shape, path = ''): readonly string[] => [
  ...(path !== '' && isMap(shape) ? [path] : []),
  ...(shape.items ? mapPlaces(shape.items, `${path}[]`) : []),
  ...(path !== '' && isMap(shape)
    ? mapPlaces(memberShape(shape), `${path}.*`)
    : [...shape.fields].flatMap(([key, field]) => mapPlaces(field, path === '' ? key : `${path}.${key}`))),
];

const schemaOf = (shape: Shape): JsonObject => {
  // Null alone says nothing of what else may come.
  if (shape.count === shape.nulls) return {};
  const types = [
    ...(shape.texts > 0 ? ['string'] : []),
    ...(shape.fractions > 0 ? ['number'] : shape.integers > 0 ? ['integer'] : []),
    ...(shape.booleans > 0 ? ['boolean'] : []),
    ...(shape.objects > 0 ? ['object'] : []),
    ...(shape.arrays > 0 ? ['array'] : []),
    ...(shape.nulls > 0 ? ['null'] : []),
  ];
  return {
    type: types.length === 1 ? types[0] : types,
    ...(shape.texts > 0 && shape.format !== undefined && { format: shape.format }),
    ...(shape.objects > 0 &&
      (isMap(shape) ? { additionalProperties: schemaOf(memberShape(shape)) } : { properties: propertiesOf(shape) })),
    ...(shape.items && { items: schemaOf(shape.items) }),
  };
};

/** `__proto__` as a key would set the prototype of a literal, not a member. */
const propertiesOf = ({ fields }: Shape): JsonObject =>
  Object.fromEntries([...fields].map(([key, field]) => [key, schemaOf(field)]));

/** Keys that are data, not names. */
const DATA_KEY = /^(\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{24,}|\d{4}-\d\d(-\d\d)?(T.*)?)$/i;
const MOST_FIELDS = 30;

/**
 * Whether objects are used as maps: their keys are ids, dates or addresses; or there are many keys, most of them rare,
 * and all values are of one kind.
 */
const isMap = ({ objects, fields }: Shape): boolean => {
  const keys = [...fields.keys()];
  if (keys.length === 0) return false;
  if (keys.some((key) => EMAIL.test(key)) || keys.every((key) => DATA_KEY.test(key))) return true;
  if (keys.length <= MOST_FIELDS || objects < 2) return false;
  const rare = [...fields.values()].filter(({ count }) => count * 2 <= objects).length;
  return rare * 10 >= keys.length * 9 && new Set([...fields.values()].map(kindOf)).size === 1;
};

const kindOf = ({ texts, integers, fractions, booleans, objects, arrays }: Shape): string =>
  [texts, integers + fractions, booleans, objects, arrays].map((count) => Number(count > 0)).join('');

/** What the values of a map have in common. */
const memberShape = ({ fields }: Shape): Shape => [...fields.values()].reduce(mergeShapes, NOTHING);
