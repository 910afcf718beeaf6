import { CommandError } from '../command-error.ts';
import type { Candidate } from './candidates.ts';
import type { PathValues } from './path-values.ts';
import { nearest } from '../nearest.ts';

/** Streams that are taken when nobody chooses. */
const MOST = 20;

export interface Choice {
  /** In the order of the description, with the parents of those that were asked for. */
  readonly taken: readonly Candidate[];
  /** Why each of the others was not taken, by name. */
  readonly left: ReadonlyMap<string, string>;
  /** Taken only as a parent of another, by name. */
  readonly asParent: ReadonlyMap<string, string>;
}

/**
 * Which candidates become streams: those that were asked for, or the best of those that need nothing in the config.
 *
 * @throws CommandError for a name that is not there
 */
export const choose = (
  place: string,
  all: readonly Candidate[],
  valuesOf: (candidate: Candidate) => PathValues,
  wanted: readonly string[] | undefined,
): Choice => {
  const left = new Map<string, string>();
  const asParent = new Map<string, string>();
  const taken = new Set<string>();

  const take = (candidate: Candidate): void => {
    taken.add(candidate.name);
    left.delete(candidate.name);
    const { parent } = valuesOf(candidate);
    if (parent === undefined || taken.has(parent.name)) return;
    asParent.set(parent.name, candidate.name);
    take(parent);
  };
  if (wanted !== undefined) {
    for (const each of all) if (!wanted.includes(each.name)) left.set(each.name, 'it was not asked for');
    for (const name of wanted) take(all.find((each) => each.name === name) ?? unknownName(place, name, all));
  } else {
    const isEasy = (each: Candidate) => reasonAgainst(each, valuesOf(each)) === undefined;
    const usable = all.some(isEasy) ? all.filter(isEasy) : all.filter((each) => !each.operation.deprecated);
    const best = (usable.length > 0 ? usable : all).toSorted((a, b) => score(b, valuesOf(b)) - score(a, valuesOf(a)));
    for (const each of all) {
      left.set(
        each.name,
        reasonAgainst(each, valuesOf(each)) ?? `${MOST} streams are enough to begin with; ask for it by its name`,
      );
    }
    for (const each of best) if (taken.size + newOnes(each, valuesOf, taken) <= MOST) take(each);
  }
  for (const name of asParent.keys()) if (wanted?.includes(name)) asParent.delete(name);
  return { taken: all.filter(({ name }) => taken.has(name)), left, asParent };
};

const newOnes = (
  candidate: Candidate,
  valuesOf: (candidate: Candidate) => PathValues,
  taken: ReadonlySet<string>,
): number => {
  let count = 0;
  for (let each: Candidate | undefined = candidate; each && !taken.has(each.name); each = valuesOf(each).parent)
    count += 1;
  return count;
};

const reasonAgainst = ({ operation, query }: Candidate, { config }: PathValues): string | undefined => {
  if (config.length > 0)
    return `it needs ${config.map(({ name }) => `"${name}"`).join(' and ')} in the config; ask for it by its name`;
  if (query.missing.length > 0)
    return `it needs a value for the parameter "${query.missing.join('", "')}"; ask for it by its name`;
  return operation.deprecated ? 'it is deprecated' : undefined;
};

/** Plain lists first: each level of parents multiplies the requests. */
const score = ({ operation, detail, query, list }: Candidate, { parent }: PathValues): number =>
  (detail ? 2 : 0) +
  (list.record.properties.has('id') ? 1 : 0) +
  (list.record.properties.size > 2 ? 1 : 0) -
  (parent ? 3 : 0) -
  operation.segments.length -
  Object.keys(query.values).length -
  (/\b(search|autocomplete|suggest)/i.test(operation.path) ? 5 : 0);

const unknownName = (place: string, name: string, all: readonly Candidate[]): never => {
  const names = all.map((each) => each.name);
  const near = nearest(name, names);
  const known =
    near.length > 0
      ? `Did you mean ${near.join(', ')}?`
      : `Known: ${names.slice(0, 30).join(', ')}${names.length > 30 ? ' and more' : ''}.`;
  throw new CommandError(`${place}: there is no stream "${name}". ${known}`);
};
