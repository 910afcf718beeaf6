import type { ConnectorPlan, Guess } from '../plan/plan.ts';

/**
 * The plan with paths that begin where the connector's base URL ends.
 *
 * @param base of the connector; undefined where it is not known
 */
export const rebase = (
  plan: ConnectorPlan,
  base: string | undefined,
): { readonly plan: ConnectorPlan; readonly guesses: readonly Guess[] } => {
  const own = plan.baseUrl.replace(/\/+$/, '');
  if (base === own) return { plan, guesses: [] };
  const moved = base === undefined ? undefined : movedPaths(plan, own, base);
  const because =
    base === undefined
      ? 'The spec does not tell where the connector looks for the API: make sure it is the same.'
      : moved
        ? `The connector looks for the API at ${base}: the paths were changed to fit.`
        : `The connector looks for the API at ${base}: make sure that the paths are the same there.`;
  return {
    plan: { ...plan, ...(moved && { streams: moved }), baseUrl: base ?? own },
    guesses: [{ about: 'base URL', decided: own, because }],
  };
};

const movedPaths = ({ streams }: ConnectorPlan, own: string, base: string): ConnectorPlan['streams'] | undefined => {
  if (own.startsWith(`${base}/`)) {
    return streams.map((stream) => ({ ...stream, path: `${own.slice(base.length)}${stream.path}` }));
  }
  if (!base.startsWith(`${own}/`)) return undefined;
  const more = base.slice(own.length);
  if (!streams.every(({ path }) => path.startsWith(`${more}/`))) return undefined;
  return streams.map((stream) => ({ ...stream, path: stream.path.slice(more.length) }));
};
