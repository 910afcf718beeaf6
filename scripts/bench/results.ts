import type { Case, Measured } from './rounds.ts';
import type { Sample } from './measure.ts';
import { spread } from './statistics.ts';
import type { Spread } from './statistics.ts';

/** What the samples of one case say. Rates are per second, megabytes are millions of bytes. */
export interface Result extends Case {
  readonly wallSeconds: Spread;
  readonly cpuSeconds: Spread;
  readonly recordsPerSecond: Spread;
  readonly recordsPerCpuSecond: Spread;
  /** Bytes on stdout. */
  readonly megabytesPerSecond: Spread;
  readonly peakRssMegabytes: Spread;
  /** Records per CPU second over those of the bare loop with the same load in the same round. */
  readonly cpuRatio: Spread;
  /** The same with seconds on the clock. */
  readonly wallRatio: Spread;
}

export const resultsOf = (measured: readonly Measured[]): readonly Result[] =>
  measured.map((one) => {
    const rivals = measured.find((other) => other.contestant === 'naive' && sameLoad(one, other))?.samples ?? [];
    const over = (figure: (sample: Sample) => number): Spread => spread(one.samples.map(figure));
    // Each ratio is of two runs close in time: the machine was the same for both.
    const ratio = (seconds: (sample: Sample) => number): Spread =>
      spread(
        one.samples.flatMap((sample, round) => {
          const rival = rivals[round];
          return rival ? [seconds(rival) / seconds(sample)] : [];
        }),
      );
    return {
      contestant: one.contestant,
      load: one.load,
      wallSeconds: over(({ wallSeconds }) => wallSeconds),
      cpuSeconds: over(({ cpuSeconds }) => cpuSeconds),
      recordsPerSecond: over(({ records, wallSeconds }) => records / wallSeconds),
      recordsPerCpuSecond: over(({ records, cpuSeconds }) => records / cpuSeconds),
      megabytesPerSecond: over(({ bytes, wallSeconds }) => bytes / 1e6 / wallSeconds),
      peakRssMegabytes: over(({ peakRssBytes }) => peakRssBytes / 1e6),
      cpuRatio: ratio(({ cpuSeconds }) => cpuSeconds),
      wallRatio: ratio(({ wallSeconds }) => wallSeconds),
    };
  });

const sameLoad = ({ load: a }: Case, { load: b }: Case): boolean =>
  a.perPage === b.perPage && a.total === b.total && a.gzip === b.gzip;
