import { sliceId } from './slice-id.ts';
import { ChildSlice, sliceOf, type ParentReading, type Slice } from './slice.ts';

/** The slices of a stream, without those that come a second time; those share the outcome of the first. */
export class DistinctSlices {
  readonly #seen = new Set<string>();
  readonly #failed = new Set<string>();
  /** The slices under way, with the readings of parents that wait for them. */
  readonly #open = new Map<string, ParentReading[]>();

  /** Each slice once. @param repeated is told of the others */
  async *of(
    slices: AsyncIterable<Slice | ChildSlice> | Iterable<Slice | ChildSlice>,
    repeated: (slice: Slice) => void,
  ): AsyncIterable<Slice | ChildSlice> {
    for await (const given of slices) {
      const slice = sliceOf(given);
      const reading = given instanceof ChildSlice ? given.reading : undefined;
      const id = sliceId(slice);
      reading?.claim();
      if (this.#seen.has(id)) {
        repeated(slice);
        const waiting = this.#open.get(id);
        if (reading && waiting) waiting.push(reading);
        else reading?.settle(this.#failed.has(id));
      } else {
        this.#seen.add(id);
        this.#open.set(id, reading ? [reading] : []);
        yield given;
      }
    }
  }

  /** A slice has been read, or has failed. */
  done(slice: Slice, hasFailed: boolean): void {
    const id = sliceId(slice);
    if (hasFailed) this.#failed.add(id);
    const waiting = this.#open.get(id) ?? [];
    this.#open.delete(id);
    for (const reading of waiting) reading.settle(hasFailed);
  }
}
