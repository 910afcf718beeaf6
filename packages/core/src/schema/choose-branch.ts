import { isJsonObject } from '../protocol/json.ts';
import { lookUp, pointerOfFragment } from './json-pointer.ts';
import { mismatch, type Problem } from './problem.ts';

/** The schema objects of which one branch of an `anyOf` or `oneOf` consists. */
export type BranchParts = ReadonlySet<unknown>;

/**
 * Puts one answer in the place of what all branches of an `anyOf` or `oneOf` complain about.
 *
 * The reader meant one of the branches: the one whose constants fit, else the one that fits the type and is closest.
 *
 * @param problems all so far; those of the branches are its end and are taken off
 * @param whole what the keyword itself complains about
 */
export const chooseBranch = (problems: Problem[], whole: Problem, branches: readonly BranchParts[]): void => {
  const byBranch = new Map<number, Problem[]>();
  // Branches complain in their order, so a part that two of them share belongs to the last one still possible.
  let current = branches.length - 1;
  for (let problem = problems.at(-1); problem !== undefined; problem = problems.at(-1)) {
    const { schema } = problem;
    if (!isWithin(problem.pointer, whole.pointer)) break;
    current = branches.findLastIndex((parts, index) => index <= current && parts.has(schema));
    if (current === -1) break;
    const found = byBranch.get(current) ?? [];
    found.push(problem);
    byBranch.set(current, found);
    problems.pop();
  }
  const inOrder = [...byBranch.values()].toReversed().map((found) => found.toReversed());
  problems.push(...(whole.isWhole || inOrder.length === 0 ? [whole] : answer(inOrder, whole)));
};

const answer = (branches: readonly Problem[][], whole: Problem): readonly Problem[] => {
  const isHere = ({ pointer, expected }: Problem) => pointer === whole.pointer && expected.length > 0;
  const inside = branches.filter((problems) => !problems.some(isHere));
  if (inside.length === 0) return [merge(branches.flat().filter(isHere), whole)];
  const choices = inside.map((problems) => problems.find((problem) => isChoice(problem, whole)));
  const fitting = inside.filter((_, index) => choices[index] === undefined);
  const place = choices[0]?.pointer;
  if (fitting.length === 0 && choices.every((choice) => choice?.pointer === place)) {
    return [
      merge(
        choices.flatMap((choice) => choice ?? []),
        whole,
      ),
    ];
  }
  const candidates = fitting.length > 0 ? fitting : inside;
  return candidates.reduce((best, problems) => (problems.length < best.length ? problems : best));
};

/** Whether the problem is a constant one level down that tells the branches apart, such as `{ "type": "oauth" }`. */
const isChoice = ({ keyword, pointer }: Problem, whole: Problem): boolean =>
  (keyword === 'const' || keyword === 'enum') && pointer.lastIndexOf('/') === whole.pointer.length;

const merge = (problems: readonly Problem[], whole: Problem): Problem => {
  const expected = [...new Set(problems.flatMap((problem) => problem.expected))];
  const got =
    problems.map((problem) => problem.got).find((name) => name.startsWith('another')) ?? problems[0]?.got ?? '';
  const pointer = problems[0]?.pointer ?? whole.pointer;
  return { ...whole, pointer, expected, got, message: mismatch(expected, got) };
};

const isWithin = (pointer: string, outer: string): boolean => pointer === outer || pointer.startsWith(`${outer}/`);

/** Everything a schema consists of, `$ref`s followed through `root`. */
export const partsOf = (schema: unknown, root: unknown, found = new Set<unknown>()): BranchParts => {
  if (typeof schema !== 'object' || schema === null || found.has(schema)) return found;
  found.add(schema);
  for (const value of Object.values(schema)) partsOf(value, root, found);
  const pointer = isJsonObject(schema) && typeof schema.$ref === 'string' ? pointerOfFragment(schema.$ref) : undefined;
  if (pointer !== undefined) partsOf(lookUp(root, pointer), root, found);
  return found;
};
