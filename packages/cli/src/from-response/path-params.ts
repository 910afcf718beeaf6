import type { ConfigField, Guess, PathValue } from '../plan/plan.ts';
import { singular } from '../plan/words.ts';
import { snakeName } from './names.ts';
import { isScalar, PATH_KEYS, type Resource } from './paths.ts';
import type { Redactor } from './redact.ts';

/** A stream whose records may give values for the paths of others. */
export interface NamedResource {
  readonly name: string;
  readonly resource: Resource;
  readonly primaryKey: string | undefined;
}

export interface PathParams {
  /** After the base URL. */
  readonly path: string;
  readonly pathParams: Readonly<Record<string, PathValue>>;
  readonly config: readonly ConfigField[];
  readonly guesses: readonly Guess[];
}

/**
 * Where the values of the parameters in a path come from: the records of the stream whose path ends right before the
 * parameter, else the config.
 *
 * @param skip the segments that are part of the base URL
 */
export const pathParamsOf = (
  { resource }: NamedResource,
  others: readonly NamedResource[],
  { skip, redactor }: { readonly skip: number; readonly redactor: Redactor },
): PathParams => {
  const { template, groups } = resource;
  const pathParams: Record<string, PathValue> = {};
  const config: ConfigField[] = [];
  const guesses: Guess[] = [];
  const parts = template.slice(skip).map((segment, offset) => {
    if (segment !== undefined) return encodeURIComponent(segment);
    const index = offset + skip;
    const values = [...new Set(groups.map(({ segments }) => segments[index] ?? ''))];
    const before = singular(snakeName(template[index - 1] ?? 'item'));
    const parent = others.find((other) => isBefore(other.resource, template.slice(0, index)));
    const key = parent && keyFor(parent, values);
    const base = `${before}_${key === undefined ? 'id' : snakeName(key.field)}`;
    const name = Object.hasOwn(pathParams, base) ? `${base}_${index}` : base;
    if (parent && key) {
      pathParams[name] = { from: 'parent', stream: parent.name, field: key.field };
      guesses.push({ about: `path parameter ${name}`, decided: `${parent.name}.${key.field}`, because: key.because });
      return `{${name}}`;
    }
    pathParams[name] = { from: 'config', field: name };
    config.push(configField(name, redactor.text(values[0] ?? '')));
    const because = `No stream of the samples has the path before it, and ${count(values.length, 'value')} of it ${values.length === 1 ? 'was' : 'were'} seen.`;
    guesses.push({ about: `path parameter ${name}`, decided: `config field ${name}`, because });
    return `{${name}}`;
  });
  return { path: `/${parts.join('/')}`, pathParams, config, guesses };
};

const isBefore = ({ template, groups }: Resource, segments: Resource['template']): boolean =>
  groups.some(({ place }) => place?.isList) &&
  template.length === segments.length &&
  template.every((segment, index) => segment === segments[index]);

/** The field of the parent's records that has most of the values. */
const keyFor = (
  { resource, primaryKey }: NamedResource,
  values: readonly string[],
): { readonly field: string; readonly because: string } | undefined => {
  const records = resource.groups.flatMap((group) => group.records);
  const fields = new Set([...(primaryKey === undefined ? [] : [primaryKey]), ...PATH_KEYS]);
  const ranked = [...fields]
    .map((field) => {
      const present = new Set(
        records.filter((record) => isScalar(record[field])).map((record) => String(record[field])),
      );
      return { field, matches: values.filter((value) => present.has(value)).length };
    })
    .toSorted((one, other) => other.matches - one.matches);
  const [best] = ranked;
  if (best && best.matches > 0) {
    return {
      field: best.field,
      because: `Its records have ${best.matches} of the ${count(values.length, 'value')} seen.`,
    };
  }
  if (primaryKey === undefined) return undefined;
  return { field: primaryKey, because: 'By the path; none of the values was among the records seen.' };
};

const configField = (name: string, example: string): ConfigField => {
  const title = name.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase());
  const description = `Stands in the path of the API's URLs, e.g. ${example}.`;
  return { name, schema: { type: 'string', title, description }, required: true, example };
};

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
