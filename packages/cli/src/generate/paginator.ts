import type { ConnectorPlan, PaginationPlan } from '../plan/plan.ts';
import { literal } from './text.ts';

/** The call that makes a paginator, such as `offset({ limit: 100 })`; undefined for a list of one page. */
export const paginatorCall = (plan: PaginationPlan): string | undefined => {
  if (plan.kind === 'none') return undefined;
  const hasOptions = Object.keys(plan.options).length > 0;
  return `${plan.kind}(${hasOptions ? literal(plan.options) : ''})`;
};

/** The paginator that most streams have, which is written once; undefined where less than two streams share one. */
export const sharedPaginator = ({ streams }: Pick<ConnectorPlan, 'streams'>): PaginationPlan | undefined => {
  const counts = new Map<string, { readonly plan: PaginationPlan; count: number }>();
  for (const { pagination } of streams) {
    const call = paginatorCall(pagination);
    if (call === undefined) continue;
    const known = counts.get(call);
    if (known) known.count++;
    else counts.set(call, { plan: pagination, count: 1 });
  }
  const [most] = [...counts.values()].toSorted((one, other) => other.count - one.count);
  return most && most.count > 1 ? most.plan : undefined;
};
