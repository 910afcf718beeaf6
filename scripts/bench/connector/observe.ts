import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What a process has seen of itself since it began to observe. */
export interface Observed {
  readonly wallMs: number;
  /** Of all its threads. */
  readonly cpuMs: number;
  /** The longest time that the event loop did not turn; on a busy machine mostly the time that others had the core. */
  readonly longestDelayMs: number;
  /** The most CPU that was used between two turns of a timer: what the process itself kept the loop from turning with. */
  readonly longestWorkMs: number;
}

export interface Observing {
  end(): Observed;
}

/** How many pages the sliced connector reads before; each is a slice. */
export const WARM_UP_PAGES = 24;

const RESOLUTION_MS = 5;

export const observe = (): Observing => {
  const started = performance.now();
  const before = process.cpuUsage();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let longestWorkMs = 0;
  let last = before;
  const timer = setInterval(() => {
    const now = process.cpuUsage();
    longestWorkMs = Math.max(longestWorkMs, (now.user + now.system - last.user - last.system) / 1000);
    last = now;
  }, RESOLUTION_MS).unref();

  return {
    end() {
      clearInterval(timer);
      const { user, system } = process.cpuUsage(before);
      return {
        wallMs: performance.now() - started,
        cpuMs: (user + system) / 1000,
        longestDelayMs: delay.max / 1e6 - RESOLUTION_MS,
        longestWorkMs,
      };
    },
  };
};
