import type { JsonValue } from '../protocol/json.ts';
import { ChildSlice, type Slice } from './slice.ts';

/** Slices, as `slices` returns them. */
export type Slices = Iterable<Slice | ChildSlice> | AsyncIterable<Slice | ChildSlice>;

/**
 * One slice for each value.
 *
 * @example
 * override slices() { return byList('region', ['eu', 'us']); }
 */
export const byList = (name: string, values: readonly JsonValue[]): readonly Slice[] =>
  values.map((value) => ({ [name]: value }));

/**
 * Every slice of the first together with every slice of the others. The first is taken slice by slice; the others are
 * held, so put the one without end, or with the most slices, first.
 *
 * @example
 * override slices(context: StreamContext) {
 *   return product(byParent({ stream: this.accounts }, context), byList('region', ['eu', 'us']));
 * }
 */
export async function* product(first: Slices, ...others: readonly Slices[]): AsyncIterable<Slice | ChildSlice> {
  let held: readonly Slice[] | undefined;
  for await (const one of first) {
    held ??= await combined(others);
    for (const rest of held) yield one instanceof ChildSlice ? one.with(rest) : { ...one, ...rest };
    if (one instanceof ChildSlice) one.reading?.settle(false);
  }
}

const combined = async (all: readonly Slices[]): Promise<readonly Slice[]> => {
  let result: Slice[] = [{}];
  for (const slices of all) {
    const list: Slice[] = [];
    for await (const each of slices) {
      list.push(each instanceof ChildSlice ? each.slice : each);
      // Whatever becomes of them: they are read in every sync.
      if (each instanceof ChildSlice) each.reading?.settle(true);
    }
    result = result.flatMap((one) => list.map((other) => ({ ...one, ...other })));
  }
  return result;
};
