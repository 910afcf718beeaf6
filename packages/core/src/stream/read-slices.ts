import type { Slots } from '../concurrency/slots.ts';

export interface SlicesRun<S, R> {
  readonly slices: AsyncIterable<S> | Iterable<S>;
  /** What is to be read of a slice; asked one by one, as there is room to read them. */
  readonly readings: (slice: S) => Iterable<R>;
  /** Reads one; rejects when it fails. */
  readonly read: (slice: S, reading: R) => Promise<void>;
  /** All readings of a slice are over. */
  readonly done: (slice: S, hasFailed: boolean) => void;
  /** A reading needs a slot in each; taken in this order. */
  readonly slots: readonly Slots[];
  readonly signal: AbortSignal;
}

/**
 * Reads slices side by side. A slice is taken from its source when the one before it has begun, so that they are never
 * all held. Resolves, or rejects with what the source threw, when everything that has begun is over.
 */
export const readSlices = async <S, R>(run: SlicesRun<S, R>): Promise<void> => {
  const { slices, readings, read, done, slots, signal } = run;
  const underWay = new Set<Promise<void>>();

  const begin = async (slice: S): Promise<void> => {
    // One for the list of readings itself, which may still grow while the first of them end.
    let open = 1;
    let hasFailed = false;
    const close = (): void => {
      if (--open === 0) done(slice, hasFailed);
    };
    try {
      for (const reading of readings(slice)) {
        await takeAll(slots, signal);
        open++;
        const work = read(slice, reading)
          .catch(() => {
            hasFailed = true;
          })
          .finally(() => {
            for (const each of slots) each.release();
            underWay.delete(work);
            close();
          });
        underWay.add(work);
      }
    } catch (error) {
      hasFailed = true;
      throw error;
    } finally {
      close();
    }
  };

  try {
    for await (const slice of slices) {
      signal.throwIfAborted();
      await begin(slice);
    }
  } finally {
    await Promise.all(underWay);
  }
};

const takeAll = async (slots: readonly Slots[], signal: AbortSignal): Promise<void> => {
  const taken: Slots[] = [];
  try {
    for (const each of slots) {
      await each.take(signal);
      taken.push(each);
    }
  } catch (error) {
    for (const each of taken) each.release();
    throw error;
  }
};
