import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Work that a signal stops: Ctrl-C, a terminal that is closed, a supervisor. */
export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
  /** What the process ends with after the signal came, by the shells' custom; undefined before. */
  readonly exitCode: number | undefined;
}

/** Listens until it is disposed. A second signal ends the process at once. */
export const interruption = (): Interruption => {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const onSignal = (signal: (typeof SIGNALS)[number]): void => {
    const code = 128 + constants.signals[signal];
    if (exitCode !== undefined) process.exit(code);
    exitCode = code;
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    [Symbol.dispose]: () => SIGNALS.forEach((signal) => process.removeListener(signal, onSignal)),
  };
};

/** Waits for something that knows nothing of the signal. */
export const orStop = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
