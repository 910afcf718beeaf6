import { isJsonObject } from '../protocol/json.ts';
import { lookUp, pointerOfFragment } from './json-pointer.ts';
import { mismatch, type Problem } from './problem.ts';

/**
 * Puts one answer in the place of what all branches of an `anyOf` or `oneOf` complain about.
 *
 * The reader meant one of the branches: the one whose constants fit, else the one that fits the type and is closest.
 *
 * @param problems all so far; those of the branches are among them
 * @param whole what the keyword itself complains about
 * @param root the schema in which `$ref`s of the branches are looked up
 */
export const chooseBranch = (
  problems: readonly Problem[],
  whole: Problem,
  branches: readonly unknown[],
  root: unknown,
): Problem[] => {
  const kept: Problem[] = [];
  const byBranch = new Map<number, Problem[]>();
  const parts = branches.map((branch) => reachable(branch, root));
  let current = 0;
  for (const problem of problems) {
    // Branches complain in their order, so a part that two of them share belongs to the first one still possible.
    const branch = isWithin(problem.pointer, whole.pointer)
      ? parts.findIndex((part, index) => index >= current && part.has(problem.schema))
      : -1;
    if (branch === -1) kept.push(problem);
    else byBranch.set((current = branch), [...(byBranch.get(branch) ?? []), problem]);
  }
  const fitsSeveral = byBranch.size < branches.length;
  return [...kept, ...(fitsSeveral ? [whole] : answer([...byBranch.values()], whole))];
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
        choices.filter((choice) => choice !== undefined),
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

/** Everything a schema consists of, `$ref`s followed. */
const reachable = (schema: unknown, root: unknown, found = new Set<unknown>()): Set<unknown> => {
  if (typeof schema !== 'object' || schema === null || found.has(schema)) return found;
  found.add(schema);
  for (const value of Object.values(schema)) reachable(value, root, found);
  const pointer = isJsonObject(schema) && typeof schema.$ref === 'string' ? pointerOfFragment(schema.$ref) : undefined;
  if (pointer !== undefined) reachable(lookUp(root, pointer), root, found);
  return found;
};
