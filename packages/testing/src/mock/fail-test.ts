import { setImmediate } from 'node:timers/promises';

/**
 * Fails the test whose scope is just ending, and keeps the error that may have ended it.
 *
 * A throw out of a disposer would do, but Jest shows nothing of an error that another one suppresses. What it does show
 * beside the test's own error is an unhandled rejection.
 */
export const failTest = async (reason: Error): Promise<void> => {
  if (process.env['JEST_WORKER_ID'] === undefined) throw reason;
  void Promise.reject(reason);
  // The process learns of the rejection before the test is over.
  await setImmediate();
};
