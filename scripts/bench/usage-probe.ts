/**
 * Preloaded into every contestant with `--import`: at its exit it writes what the process has used to file descriptor 3.
 *
 * The process asks about itself, so no wrapper is counted. The peak comes from `VmHWM` where there is one, because the
 * `maxRSS` of `getrusage` also covers the copy of the parent that lived in this process before `exec`.
 */
import { readFileSync, writeSync } from 'node:fs';

/** What a contestant used, from its start to its exit. */
export interface Usage {
  readonly userSeconds: number;
  readonly systemSeconds: number;
  readonly peakRssBytes: number;
}

const peakKilobytes = (fallback: number): number => {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? fallback);
  } catch {
    return fallback;
  }
};

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage: Usage = {
    userSeconds: userCPUTime / 1e6,
    systemSeconds: systemCPUTime / 1e6,
    peakRssBytes: peakKilobytes(maxRSS) * 1024,
  };
  writeSync(3, JSON.stringify(usage));
});
