import { flatten, isKeyLike, type FlatSchema } from './flat-schema.ts';
import type { Description } from './description.ts';
import type { Param } from './operations.ts';
import { plain, singular } from '../plan/words.ts';

export interface KeyFound {
  readonly key: string | readonly string[];
  readonly because: string;
}

/** Names that are unique in all an API has, the most certain first. */
const UNIQUE = 'id uuid guid gid sid uid _id objectid'.split(' ').map(plain);
/** Names that are unique among records of one kind, where a path asks for one by them. */
const NAMES = 'key slug login handle username name code number number symbol'.split(' ').map(plain);

const EXTENSION = /^x-.*primary-?key$/i;

/** What identifies a record, or undefined when nothing speaks for a field. */
export const primaryKeyOf = (
  description: Description,
  record: FlatSchema,
  resource: string,
  detail: Param | undefined,
): KeyFound | undefined => {
  const fields = keyFields(description, record);
  const marked = fields.filter(({ schemas }) =>
    schemas.some((schema) =>
      Object.entries(description.resolve(schema)).some(([name, it]) => EXTENSION.test(name) && it === true),
    ),
  );
  if (marked.length > 0) {
    const names = marked.map(({ name }) => name);
    return {
      key: names.length === 1 ? (names[0] as string) : names,
      because: 'An extension of the schema marks it as primary key.',
    };
  }
  const own = singular(plain(resource));
  const named = (wanted: string) => fields.find(({ name }) => plain(name) === wanted)?.name;
  const id = named('id');
  if (id !== undefined) return { key: id, because: `The records have a field "${id}".` };
  const ofResource = named(`${own}id`) ?? named(`${own}uuid`) ?? UNIQUE.map(named).find((it) => it !== undefined);
  if (ofResource !== undefined) return { key: ofResource, because: `"${ofResource}" is unique by its name.` };
  const asked = detail && keyForParam(description, detail, resource, record);
  if (asked !== undefined)
    return { key: asked, because: `One record is asked for by it: the path ends with {${detail?.name}}.` };
  const parts = fields
    .filter(({ name }) => /(_id|Id|ID)$/.test(name) && record.required.has(name))
    .map(({ name }) => name);
  if (parts.length === 2) return { key: parts, because: 'The records have no id of their own, but join two others.' };
  const key = named('key') ?? named(`${own}key`) ?? named('slug');
  return key === undefined ? undefined : { key, because: `"${key}" is unique by its name.` };
};

/** The field of a resource's records that a parameter of a path takes, such as `number` for `{issue_number}`. */
export const keyForParam = (
  description: Description,
  { name, schema }: Param,
  resource: string,
  record: FlatSchema,
): string | undefined => {
  const own = singular(plain(resource));
  const wanted = plain(name);
  const { types } = flatten(description, schema);
  const fields = keyFields(description, record).filter(
    ({ flat }) => !types.has('integer') || flat.types.has('integer') || flat.types.has('number'),
  );
  const bare = [own, ...(own.match(/[a-z]+$/) ?? [])]
    .map((word) => wanted.replace(new RegExp(`^${word}`), ''))
    .find((rest) => rest !== wanted);
  const last = /(id|uuid|gid|sid|guid|key|slug|name|number|code|login|sha|handle|symbol)$/.exec(wanted)?.[1];
  const tried = [
    ...(wanted === own ? [] : [wanted]),
    ...(bare ? [bare] : []),
    ...(last ? [last, `${own}${last}`] : []),
    ...(last === 'name' && bare === undefined ? ['login', 'slug'] : []),
    ...(last === undefined || last === 'id' ? [...UNIQUE, 'sha'] : []),
    ...(last === undefined || wanted === own ? NAMES : []),
  ];
  // A parameter that is called as the resource takes what people call it: `{org}`, `{repo}`.
  const order =
    wanted === own || (bare === '' && last === undefined) || isShort(wanted, own)
      ? [...preferred(types), ...tried]
      : tried;
  return order
    .map((one) => fields.find((field) => plain(field.name) === one)?.name)
    .find((found) => found !== undefined);
};

const preferred = (types: ReadonlySet<string>): readonly string[] =>
  types.has('string') ? ['slug', 'login', 'key', 'name', 'id'] : ['id', 'number'];

/** `repo` for `repository`, `org` for `organization`. */
const isShort = (name: string, resource: string): boolean => name.length >= 3 && resource.startsWith(name);

const keyFields = (description: Description, { properties }: FlatSchema) =>
  [...properties].flatMap(([name, schemas]) => {
    const flat = flatten(description, ...schemas);
    return isKeyLike(flat) && (flat.enum === undefined || flat.enum.length > 1) ? [{ name, flat, schemas }] : [];
  });
