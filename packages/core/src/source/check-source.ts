import { ConfigError, failureTypeOf, messageOf } from '../errors.ts';
import { traceOf } from '../output/trace.ts';
import type { Writer } from '../output/writer.ts';
import { connectionStatusMessage } from '../protocol/messages.ts';

/**
 * Answers `check` with one CONNECTION_STATUS. A wrong config is an answer (FAILED); so is a `config_error` of the check
 * itself, which is also traced. Anything else is thrown: the check could not be made.
 */
export const checkSource = async (check: () => Promise<string | void>, writer: Writer): Promise<void> => {
  try {
    const failure = await check();
    writer.message(connectionStatusMessage(failure || undefined));
  } catch (error) {
    if (failureTypeOf(error) !== 'config_error') throw error;
    if (!(error instanceof ConfigError)) writer.message(traceOf(error));
    writer.message(connectionStatusMessage(messageOf(error)));
  }
};
