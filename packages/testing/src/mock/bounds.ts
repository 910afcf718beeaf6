import type { ReceivedRequest } from '../loopback-server.ts';
import { namesIn, valueAt } from './body-path.ts';
import { BadRequest } from './convention.ts';
import { fieldOf } from './request-fields.ts';

/** A parameter that filters a list by a field of its records. */
export interface Bound {
  /** The parameter of the query, or a path into the body such as `$.filter.since`. */
  readonly param: string;
  /** The field of a record, or a path such as `$.dates.changed`. */
  readonly field: string;
}

/** The items a request asks for: from `since` on, up to `until`, both included. */
export const withinBounds = (
  items: readonly object[],
  request: ReceivedRequest,
  { since, until }: { readonly since?: Bound | undefined; readonly until?: Bound | undefined },
): readonly object[] => {
  const later = since && compared(since, request);
  const earlier = until && compared(until, request);
  if (!later && !earlier) return items;
  return items.filter((item) => (later?.(item) ?? 0) >= 0 && (earlier?.(item) ?? 0) <= 0);
};

/** How an item stands to what was asked for: below 0 is less. Undefined when nothing is asked for. */
const compared = ({ param, field }: Bound, request: ReceivedRequest): ((item: object) => number) | undefined => {
  const asked = isPath(param) ? fieldOf(request, 'body', namesIn('param', param)) : fieldOf(request, 'query', [param]);
  if (asked === undefined) return undefined;
  const names = isPath(field) ? namesIn('field', field) : [field];
  return (item) => {
    const value = valueAt(item, names);
    const [of, to] = [amount(value), amount(asked)];
    if (of !== undefined && to === undefined) {
      throw new BadRequest(
        `${param}: ${JSON.stringify(asked)} cannot be compared with a ${field} such as ${String(value)}.`,
      );
    }
    if (of !== undefined && to !== undefined) return of - to;
    return String(value) < asked ? -1 : Number(String(value) > asked);
  };
};

/** OData has parameters such as `$filter`, which are no paths. */
const isPath = (text: string): boolean => /^\$[.[]/.test(text);

/** A number, or a moment in milliseconds; undefined for any other text. */
const amount = (value: unknown): number | undefined => {
  if (value instanceof Date) return value.getTime();
  const text = String(value);
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : time;
};
