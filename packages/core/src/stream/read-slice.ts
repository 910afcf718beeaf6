import type { ByteBudget } from '../concurrency/byte-budget.ts';
import { TimeoutError } from '../errors.ts';
import type { RecordMatcher } from '../parse/record-matcher.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Reading } from './cursors/cursor.ts';
import { Page } from './page.ts';
import type { Keep, RecordOutput } from './record-output.ts';
import { ChildSlice, type Slice } from './slice.ts';
import type { StreamTotal } from './stream-total.ts';
import type { SliceContext, Stream, StreamContext } from './stream.ts';

export interface SliceRun {
  readonly stream: Stream;
  readonly context: StreamContext;
  readonly output: RecordOutput;
  readonly memory?: ByteBudget | undefined;
  readonly total?: StreamTotal | undefined;
  readonly matcher?: RecordMatcher | undefined;
  readonly keep?: Keep | undefined;
  /** So much of the slice has been written. */
  readonly save: (slice: Slice, progress: unknown) => void;
}

/** Reads one slice, or one window of it. What turns out to be too much at once is read in parts. */
export const readSlice = async (run: SliceRun, given: Slice | ChildSlice, reading: Reading): Promise<void> => {
  const parts = await readWhole(run, given, reading);
  for (const part of parts) await readSlice(run, given, part);
};

/** @returns what is to be read in its place; empty when it has been read */
const readWhole = async (run: SliceRun, given: Slice | ChildSlice, reading: Reading): Promise<readonly Reading[]> => {
  const { slice, parent } = given instanceof ChildSlice ? given : { slice: given, parent: undefined };
  const { stream, output, matcher, memory, total, keep, save } = run;
  const { state, window, resumption } = reading;
  const context: SliceContext = { ...run.context, matcher, memory, total, slice, parent, state, window, resumption };
  const passage = {
    transform: stream.transform && ((record: JsonObject) => stream.transform!(record, context)),
    see: reading.see && ((record: JsonObject) => reading.see!(record)),
    keep,
  };
  try {
    for await (const item of stream.read(context)) {
      const page = item instanceof Page ? item : new Page([item]);
      await output.page(page, passage);
      context.signal.throwIfAborted();
      reading.seePage?.(page);
      if (reading.isTooLarge) {
        const parts = reading.split?.();
        if (parts) return parts;
      }
      const covered = reading.covered?.();
      if (covered !== undefined) save(slice, covered);
      if (reading.isPast) break;
    }
  } catch (error) {
    const parts = error instanceof TimeoutError && !context.signal.aborted ? reading.split?.() : undefined;
    if (!parts) throw error;
    context.report.log.info(
      `Stream "${stream.name}": the window ${JSON.stringify(window)} took too long and is read in ${parts.length} parts.`,
    );
    return parts;
  }
  save(slice, reading.finished());
  return [];
};
