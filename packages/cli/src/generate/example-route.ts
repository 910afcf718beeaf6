import type { StreamPlan } from '../plan/plan.ts';

const PARAMETER = /\{[^{}]*\}/;

/** A stream's path as a route of a mock API: a segment with a parameter in it stands for any one. */
export const routeOf = ({ path }: StreamPlan): string => {
  let count = 0;
  const segments = path.split('/').map((segment) => (PARAMETER.test(segment) ? `:p${count++}` : segment));
  return new URL(`http://localhost${segments.join('/').split('?')[0]}`).pathname;
};

/** The parameters of a path, one a segment, with what matches the segment's value: it may have more, as `{id}.json`. */
export const parametersIn = ({ path }: StreamPlan): readonly { readonly name: string; readonly around: RegExp }[] =>
  path
    .split('/')
    .filter((segment) => PARAMETER.test(segment))
    .map((segment) => {
      const [before = '', name = '', after = ''] = segment.split(/\{([^{}]*)\}/);
      return { name, around: new RegExp(`^${escaped(before)}(.*?)${escaped(after)}$`, 's') };
    });

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
