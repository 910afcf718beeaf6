import { messageOf } from '../errors.ts';
import type { Logger } from '../output/logger.ts';
import { traceOf } from '../output/trace.ts';
import type { Writer } from '../output/writer.ts';

/** Says why the work failed, to people and to the orchestrator. */
export const tellFailure = (
  error: unknown,
  { writer, log }: { readonly writer: Writer; readonly log: Logger },
): void => {
  log.fatal(messageOf(error));
  writer.message(traceOf(error));
};
