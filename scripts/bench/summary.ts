import { cpus } from 'node:os';

import type { Options } from './options.ts';
import { LARGE, SMALL } from './plan.ts';
import type { RequestCost } from './request-cost.ts';
import type { Result } from './results.ts';
import type { StartUp } from './start-up.ts';
import { judge } from './targets.ts';
import type { Target } from './targets.ts';

/** All that a run of the bench has found; what `--json` writes. */
export interface Summary {
  readonly date: string;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cpus: number;
  readonly quick: boolean;
  readonly repeats: number;
  /** Records per CPU second over those of the bare loop, `<form>@<records a page>`. */
  readonly ratios: Readonly<Record<string, number>>;
  /** Records per second on the clock over those of the bare loop. */
  readonly wallRatios: Readonly<Record<string, number>>;
  /** Peak RSS in megabytes, `<form>@<records a page>/<records>`. */
  readonly rss: Readonly<Record<string, number>>;
  readonly startup: StartUp;
  /** CPU of a request, 100 records a page. */
  readonly requests: readonly RequestCost[];
  readonly targets: readonly Target[];
  readonly results: readonly Result[];
}

export const summarise = (
  { results, requests, startup }: Pick<Summary, 'results' | 'requests' | 'startup'>,
  { quick, repeats }: Pick<Options, 'quick' | 'repeats'>,
): Summary => {
  const plain = results.filter(({ load }) => !load.gzip);
  const small = byKey(plain.filter(({ load }) => load.total === SMALL));
  const large = byKey(plain.filter(({ load }) => load.total === LARGE));
  const kit = Object.entries(large).filter(([, { contestant }]) => FORMS.includes(contestant));
  const [processor] = cpus();
  return {
    date: new Date().toISOString(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpu: processor?.model ?? 'unknown',
    cpus: cpus().length,
    quick,
    repeats,
    ratios: Object.fromEntries(kit.map(([key, { cpuRatio }]) => [key, cpuRatio.median])),
    wallRatios: Object.fromEntries(kit.map(([key, { wallRatio }]) => [key, wallRatio.median])),
    rss: Object.fromEntries(
      plain.map((result) => [`${keyOf(result)}/${result.load.total}`, result.peakRssMegabytes.median]),
    ),
    startup,
    requests,
    targets: judge(small, large, startup),
    results,
  };
};

const FORMS: readonly string[] = ['recordsPath', 'parseResponse'];

const keyOf = ({ contestant, load }: Result): string => `${contestant}@${load.perPage}`;

const byKey = (results: readonly Result[]): Readonly<Record<string, Result>> =>
  Object.fromEntries(results.map((result) => [keyOf(result), result]));
