import type { ErrorObject } from 'ajv';
import type { Violation } from '../errors.ts';
import { chooseBranch, partsOf, type BranchParts } from './choose-branch.ts';
import { problemOf, type Problem } from './problem.ts';

const BRANCHING = new Set(['anyOf', 'oneOf', 'contains']);

/** At most this many violations are listed one by one. */
const LIMIT = 50;

/**
 * Says for people what is wrong: where, what was expected and what was found, never the value itself.
 *
 * `errors` come from a check compiled with `allErrors`, `schema` is what was compiled.
 */
export const violationsOf = (errors: readonly ErrorObject[], schema: unknown): Violation[] => {
  const problems: Problem[] = [];
  const known = new Map<unknown, readonly BranchParts[]>();
  for (const error of errors) {
    // `if` and the inner side of `propertyNames` repeat what their neighbours say.
    if (error.keyword === 'if' || error.propertyName !== undefined) continue;
    const problem = problemOf(error);
    if (BRANCHING.has(error.keyword)) {
      const branches = known.get(error.schema) ?? [error.schema].flat().map((branch) => partsOf(branch, schema));
      known.set(error.schema, branches);
      chooseBranch(problems, problem, branches);
    } else {
      problems.push(problem);
    }
  }
  const unique = new Map(problems.map(({ pointer, message }) => [`${pointer}\n${message}`, { pointer, message }]));
  const listed = [...unique.values()].slice(0, LIMIT);
  const more = unique.size - listed.length;
  return more > 0 ? [...listed, { pointer: '', message: `and ${more} more violations` }] : listed;
};
