import type { ConfigField, Guess, PathValue } from '../plan/plan.ts';
import { skeleton, type Candidate } from './candidates.ts';
import type { Description } from './description.ts';
import { flatten } from './flat-schema.ts';
import type { Param } from './operations.ts';
import { keyForParam } from './record-keys.ts';
import { sentence, singular, snake } from '../plan/words.ts';

/** Where the values in a path come from. */
export interface PathValues {
  readonly values: Readonly<Record<string, PathValue>>;
  /** The fields of the config among them, also those of the streams above. */
  readonly config: readonly ConfigField[];
  /** The stream that this one is a child of, if any. */
  readonly parent: Candidate | undefined;
  readonly guesses: readonly Guess[];
  /** How many streams are above it. */
  readonly depth: number;
}

/** Streams above a stream: each level multiplies the requests. */
const MOST_LEVELS = 3;

interface Link {
  readonly parent: Candidate;
  /** How many of the child's parameters, from the first on, the parent's path has too. */
  readonly shared: number;
  /** The place of the parameter that takes the key. */
  readonly at: number;
  readonly key: string;
  /** What the parent's own path is made of. */
  readonly above: PathValues;
}

/** Finds for every path what its parameters are: fields of another stream's records, or fields of the config. */
export const pathValuesOf = (description: Description, all: readonly Candidate[]) => {
  const bySkeleton = new Map(all.map((candidate) => [skeleton(candidate.operation.path), candidate]));
  const byResource = new Map<string, Candidate[]>();
  for (const each of all) byResource.set(each.resource, [...(byResource.get(each.resource) ?? []), each]);
  const done = new Map<string, PathValues>();

  const find = (candidate: Candidate, way: readonly string[] = []): PathValues => {
    const known = done.get(candidate.name);
    if (known) return known;
    const { pathParams } = candidate;
    const values: Record<string, PathValue> = {};
    const config: ConfigField[] = [];
    const guesses: Guess[] = [];
    const link = linkOf(candidate, [...way, candidate.name]);
    pathParams.forEach((param, at) => {
      const shared = link && at < link.shared ? link.parent.pathParams[at] : undefined;
      const same = shared && link?.above.values[shared.name];
      if (link && at === link.at) {
        values[param.name] = { from: 'parent', stream: link.parent.name, field: link.key };
        guesses.push({
          about: 'parent',
          decided: `{${param.name}} is "${link.key}" of the stream ${link.parent.name}`,
          because: `That stream is the list at ${link.parent.operation.path}, whose records the path goes on from.`,
        });
      } else if (same) {
        values[param.name] = same;
        if (shared && shared.name !== param.name) {
          guesses.push({
            about: 'path',
            decided: `{${param.name}} is {${shared.name}} of the stream ${link?.parent.name}`,
            because: 'It stands before the same parameter in both paths.',
          });
        }
      } else {
        const field = configField(description, param, candidate.operation.segments);
        values[param.name] = { from: 'config', field: field.name };
        config.push(field);
        guesses.push({
          about: 'path',
          decided: `{${param.name}} is the config field "${field.name}"`,
          because: 'No stream was found whose records have it.',
        });
      }
    });
    const found = {
      values,
      config: [...config, ...(link?.above.config ?? [])],
      parent: link?.parent,
      guesses,
      depth: link ? link.above.depth + 1 : 0,
    };
    // Also what was found on the way to another stream: a child has to see its parent as the parent sees itself.
    done.set(candidate.name, found);
    return found;
  };

  const linkOf = (candidate: Candidate, way: readonly string[]): Link | undefined => {
    const { segments } = candidate.operation;
    const places = segments.flatMap((segment, place) => (/^\{[^{}]+\}$/.test(segment) ? [place] : []));
    if (places.length !== candidate.pathParams.length) return undefined;
    for (let at = places.length - 1; at >= 0; at--) {
      const param = candidate.pathParams[at] as Param;
      const prefix = `/${segments.slice(0, places[at]).join('/')}`;
      const direct = bySkeleton.get(skeleton(prefix));
      const links = [
        ...(direct ? [{ parent: direct, shared: at, at }] : []),
        ...elsewhere(candidate, segments, places, at),
      ];
      for (const link of links) {
        if (way.includes(link.parent.name) || link.parent.operation.deprecated || link.parent.query.missing.length > 0)
          continue;
        const key = keyForParam(description, param, link.parent.resource, link.parent.list.record);
        const above = key === undefined ? undefined : find(link.parent, way);
        if (key !== undefined && above && above.depth < MOST_LEVELS) return { ...link, key, above };
      }
    }
    return undefined;
  };

  /** Lists of the same thing at other paths: `/orgs/{org}/repos` for `/repos/{owner}/{repo}/issues`. */
  const elsewhere = (
    { name }: Candidate,
    segments: readonly string[],
    places: readonly number[],
    at: number,
  ): readonly Omit<Link, 'key' | 'above'>[] => {
    let first = at;
    while (first > 0 && places[first - 1] === (places[first] ?? 0) - 1) first -= 1;
    const word = segments[(places[first] ?? 0) - 1];
    if (word === undefined || first > 0) return [];
    const leading = at - first;
    return (byResource.get(word) ?? [])
      .filter((each) => each.name !== name && (leading === 0 || each.pathParams.length === leading))
      .toSorted(
        (a, b) =>
          a.pathParams.length - b.pathParams.length || a.operation.segments.length - b.operation.segments.length,
      )
      .map((parent) => ({ parent, shared: leading, at }));
  };

  return (candidate: Candidate): PathValues => find(candidate);
};

/** Names that mean another thing in each path. */
const GENERAL = /^(id|name|key|slug|uuid|guid|number|code|type|ref)$/i;

const configField = (
  description: Description,
  { name, schema, description: text, example }: Param,
  segments: readonly string[],
): ConfigField => {
  const { types, enum: allowed } = flatten(description, schema);
  const type = types.has('integer') && types.size === 1 ? 'integer' : 'string';
  const fits =
    type === 'integer' ? Number.isInteger(example) : typeof example === 'string' || typeof example === 'number';
  const value = fits
    ? example
    : type === 'integer'
      ? 1
      : `example-${singular(snake(name)).replaceAll('_', '-') || 'value'}`;
  const above = segments[segments.findIndex((segment) => segment.includes(`{${name}}`)) - 1] ?? '';
  const own = GENERAL.test(name) && !above.includes('{') ? snake(`${singular(snake(above))} ${name}`) : snake(name);
  const values = type === 'string' ? allowed?.filter((each) => typeof each === 'string') : undefined;
  return {
    name: own || 'parameter',
    schema: {
      type,
      title: sentence(own) || name,
      description: text || `Part of the paths of the API: {${name}}.`,
      ...(values && values.length > 0 ? { enum: values } : type === 'string' && { minLength: 1 }),
    },
    required: true,
    example: type === 'string' ? String(value) : value,
  };
};
