import { HeadwaterError, failureTypeOf, messageOf } from '../errors.ts';
import { errorTraceMessage, type StreamDescriptor } from '../protocol/messages.ts';
import type { AirbyteMessage } from '../protocol/types.ts';

/** The TRACE ERROR of anything thrown: what the user reads, what the author reads, and the stack, each in its place. */
export const traceOf = (error: unknown, stream?: StreamDescriptor): AirbyteMessage =>
  errorTraceMessage({
    message: error instanceof HeadwaterError ? error.message : `The connector failed unexpectedly: ${messageOf(error)}`,
    internal_message: causesOf(error).map(oneLine).join(' < '),
    stack_trace: causesOf(error).map(stackOf).join('\nCaused by: '),
    failure_type: failureTypeOf(error),
    ...(stream && { stream_descriptor: stream }),
  });

const MAX_CAUSES = 10;

const causesOf = (error: unknown): unknown[] => {
  const causes = [error];
  let last = error;
  while (last instanceof Error && last.cause !== undefined && causes.length < MAX_CAUSES) {
    last = last.cause;
    causes.push(last);
  }
  return causes;
};

const oneLine = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? ` [${error.code}]` : '';
  return `${error.name}${code}: ${error.message}`;
};

const stackOf = (error: unknown): string => (error instanceof Error && error.stack) || String(error);
