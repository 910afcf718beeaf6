import type { Description } from './description.ts';
import { listAnswer, resourceOf, type ListAnswer } from './list-answer.ts';
import { operationsOf, namesInPath, type Operation, type Param } from './operations.ts';
import { fixedQuery, type FixedQuery } from './query.ts';
import { streamNames } from './stream-names.ts';

/** A GET that answers a list of records. */
export interface Candidate {
  readonly name: string;
  readonly operation: Operation;
  readonly list: ListAnswer;
  readonly query: FixedQuery;
  /** The last word of its path: what its records are. */
  readonly resource: string;
  /** The parameters of its path, in order. */
  readonly pathParams: readonly Param[];
  /** The parameter that asks for one of its records, where there is such a path. */
  readonly detail: Param | undefined;
}

export interface LeftOut {
  readonly path: string;
  readonly because: string;
}

export interface Candidates {
  readonly all: readonly Candidate[];
  readonly leftOut: readonly LeftOut[];
}

export const candidatesOf = (description: Description): Candidates => {
  const operations = operationsOf(description);
  const leftOut: LeftOut[] = [];
  const lists = operations.flatMap((operation) => {
    const problem = pathProblem(operation);
    const list = problem ?? listAnswer(description, operation);
    if (typeof list !== 'string') return [{ operation, list }];
    leftOut.push({ path: operation.path, because: list });
    return [];
  });
  const names = streamNames(lists.map(({ operation }) => operation.path));
  const details = new Map(
    operations.flatMap((operation) => {
      const params = pathParamsOf(operation);
      const [, above] = /^(.*)\/\{[^{}/]+\}$/.exec(operation.path) ?? [];
      const last = params.at(-1);
      return above === undefined || last === undefined ? [] : [[skeleton(above), last] as const];
    }),
  );
  const all = lists.map(({ operation, list }) => ({
    name: names.get(operation.path) ?? '',
    operation,
    list,
    query: fixedQuery(description, operation.params),
    resource: resourceOf(operation),
    pathParams: pathParamsOf(operation),
    detail: details.get(skeleton(operation.path)),
  }));
  return { all, leftOut };
};

/** A path without the names of its parameters: `/repos/{}/{}/issues`. */
export const skeleton = (path: string): string => path.replace(/\{[^{}]*\}/g, '{}').replace(/\/+$/, '');

const pathParamsOf = ({ path, params }: Operation): readonly Param[] =>
  namesInPath(path).map(
    (name) =>
      params.find((param) => param.in === 'path' && param.name === name) ?? {
        name,
        in: 'path',
        required: true,
        schema: {},
        description: '',
        example: undefined,
      },
  );

const pathProblem = ({ path }: Operation): string | undefined => {
  if (/[?#\s\\]/.test(path)) return 'its path has a sign that no path has';
  if (/(^|\/)\.\.?(\/|$)|\/\//.test(path)) return 'its path has empty or relative segments';
  const names = namesInPath(path);
  if (new Set(names).size < names.length) return 'a parameter stands in its path twice';
  return /[{}]/.test(path.replace(/\{[^{}]+\}/g, '')) ? 'the braces in its path do not match' : undefined;
};
