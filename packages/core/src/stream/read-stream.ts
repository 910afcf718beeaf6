import { RecordInvalidError, SlicesFailedError, failureTypeOf, messageOf } from '../errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { RecordMatcher } from '../parse/record-matcher.ts';
import { Page } from './page.ts';
import type { RecordOutput } from './record-output.ts';
import { CursorState, FULL_REFRESH_DONE, isComplete, type SliceCursor } from './state.ts';
import type { Report, SliceContext, Stream, StreamContext } from './stream.ts';

export interface StreamRun {
  readonly stream: Stream;
  /** Keep a cursor; else everything is read and the state holds nothing to continue from. */
  readonly incremental: boolean;
  /** As the last sync left it; empty at first. */
  readonly state: JsonObject;
  readonly output: RecordOutput;
  /** What the schema says, in a form that is checked on the bytes of records; none if the schema is beyond that. */
  readonly matcher?: RecordMatcher | undefined;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/**
 * The one loop every stream goes through: slices, then records, then the state that makes them safe to forget.
 *
 * A slice that fails holds back only itself: the others are read, and the failure is thrown at the end. What no other
 * slice can escape ends the stream at once: a `config_error`, an invalid record, an aborted sync. Whatever happens, a
 * STATE of what was certainly written comes last.
 */
export const readStream = async ({
  stream,
  incremental,
  state,
  output,
  matcher,
  signal,
  report,
}: StreamRun): Promise<void> => {
  if (isComplete(state)) return output.state(state);
  const field = incremental ? stream.cursorField : undefined;
  const cursor = field === undefined ? undefined : new CursorState(stream.name, field, state);
  const context: StreamContext = { config: stream.config, state: cursor ? state : {}, signal, report };

  const failures: unknown[] = [];
  try {
    for await (const slice of stream.slices(context)) {
      signal.throwIfAborted();
      const following = cursor?.follow(slice);
      try {
        await readSlice(
          stream,
          { ...context, matcher, slice, state: cursor?.of(slice) ?? {} },
          output,
          following,
          () => {
            if (cursor) output.state(cursor.toJson());
          },
        );
      } catch (error) {
        signal.throwIfAborted();
        if (endsStream(error)) throw error;
        failures.push(error);
        report.log.error(`Stream "${stream.name}", slice ${JSON.stringify(slice)}: ${messageOf(error)}`);
      }
    }
    if (failures.length > 0) throw failures.length === 1 ? failures[0] : new SlicesFailedError(stream.name, failures);
    if (!cursor) output.state(FULL_REFRESH_DONE);
  } finally {
    if (cursor) output.state(cursor.toJson());
  }
};

const readSlice = async (
  stream: Stream,
  context: SliceContext,
  output: RecordOutput,
  cursor: SliceCursor | undefined,
  checkpoint: () => void,
): Promise<void> => {
  const every = cursor ? stream.checkpointEvery : undefined;
  const passage = {
    transform: stream.transform && ((record: JsonObject) => stream.transform!(record, context)),
    see: cursor && ((record: JsonObject) => cursor.see(record)),
  };
  for await (const item of stream.read(context)) {
    await output.page(item instanceof Page ? item : new Page([item]), passage);
    context.signal.throwIfAborted();
    if (every !== undefined && output.sinceState >= every) {
      cursor?.advance();
      checkpoint();
    }
  }
  cursor?.advance();
  checkpoint();
};

const endsStream = (error: unknown): boolean =>
  error instanceof RecordInvalidError || failureTypeOf(error) === 'config_error';
