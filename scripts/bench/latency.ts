/** Whether slices hide the time an API takes to answer, and what reading them side by side costs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readArguments } from './arguments.ts';
import { asProcess } from './as-process.ts';
import { capture } from './child.ts';
import type { Observed } from './connector/observe.ts';
import { runSliced, type SlicedLoad } from './sliced-run.ts';
import { startServer } from './start-server.ts';
import { spread, type Spread } from './statistics.ts';

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

const HELP = `npm run build && node scripts/dist/bench/latency.js [options]

What it costs to read slices side by side. The connector and the API are processes of their own; counted is the read of
the stream, from its first slice to the end of the process, after another stream has loaded and warmed what requests need.

1. An API that takes 50 or 200 ms for an answer, 200 slices of one page: the wall time, against the ideal of slices /
   concurrency x latency, beside what a bare loop of requests takes on this machine; and how long the event loop stood still, by the clock (which counts what others do on a busy
   machine) and by the CPU time used meanwhile (which does not).
2. No latency, 200 slices of 500 records: CPU time a record with 8 slices at once, against --concurrency 1, in turn.

Exits with 1 when a target is missed: 1.15 x the ideal, 50 ms without a turn of the loop, 1.10 x the CPU.

  --slices N     slices (default 200)
  --repeats N    measured rounds (default 5)
  --help         this text
`;

const CONCURRENCY = 8;
const BARE = fileURLToPath(new URL('./bare-slices.js', import.meta.url));
const TARGETS = { ideal: 1.15, blockedMs: 50, cpu: 1.1 };

interface Bench {
  readonly directory: string;
  readonly baseUrl: string;
  readonly slices: number;
  readonly repeats: number;
}

/** @returns the targets that were missed */
const atLatency = async ({ directory, baseUrl, slices, repeats }: Bench, latency: number): Promise<string[]> => {
  const load: SlicedLoad = { slices, pages: 1, pageSize: 100, latency };
  const rounds: Observed[] = [];
  const bare: number[] = [];
  const url = `${baseUrl}/customers?page=1&per_page=100&total=100&latency=${latency}`;
  for (let round = 0; round < repeats; round++) {
    rounds.push(await runSliced(directory, baseUrl, load));
    bare.push(Number(await capture([BARE, url, String(slices), String(CONCURRENCY)])));
  }
  const ideal = Math.ceil(slices / CONCURRENCY) * latency;
  const ratio = spread(rounds.map(({ wallMs }) => wallMs / ideal));
  const delay = spread(rounds.map(({ longestDelayMs }) => longestDelayMs));
  const work = spread(rounds.map(({ longestWorkMs }) => longestWorkMs));
  // The process itself is to blame for no more than either of them says.
  const blocked = spread(rounds.map((round) => Math.min(round.longestDelayMs, round.longestWorkMs)));
  tell(`${latency} ms an answer, ${slices} slices, ${CONCURRENCY} at once: ideal ${ideal} ms`);
  tell(`  wall / ideal          ${shown(ratio, 3)}`);
  tell(`  a bare loop / ideal   ${shown(spread(bare.map((wallMs) => wallMs / ideal)), 3)}`);
  tell(`  wall / a bare loop    ${shown(spread(rounds.map(({ wallMs }, round) => wallMs / (bare[round] ?? NaN))), 3)}`);
  tell(`  longest standstill    ${shown(delay, 1)} ms by the clock, ${shown(work, 1)} ms by CPU`);
  return [
    ...(ratio.median > TARGETS.ideal ? [`${latency} ms: the wall time is ${ratio.median.toFixed(3)} x the ideal`] : []),
    ...(blocked.median > TARGETS.blockedMs
      ? [`${latency} ms: the event loop was blocked for ${blocked.median.toFixed(1)} ms`]
      : []),
  ];
};

const cpu = async ({ directory, baseUrl, slices, repeats }: Bench): Promise<string[]> => {
  const load: SlicedLoad = { slices, pages: 5, pageSize: 100, latency: 0 };
  const micros = ({ cpuMs }: Observed): number => (cpuMs * 1000) / (load.slices * load.pages * load.pageSize);
  const together: number[] = [];
  const alone: number[] = [];
  for (let round = 0; round < repeats; round++) {
    together.push(micros(await runSliced(directory, baseUrl, load)));
    alone.push(micros(await runSliced(directory, baseUrl, load, ['--concurrency', '1'])));
  }
  const ratio = spread(together.map((cost, round) => cost / (alone[round] ?? Number.NaN)));
  tell(`No latency, ${slices} slices of ${load.pages * load.pageSize} records: CPU microseconds a record`);
  tell(`  ${CONCURRENCY} slices at once      ${shown(spread(together), 2)}`);
  tell(`  one after the other   ${shown(spread(alone), 2)}`);
  tell(`  ratio, round by round ${shown(ratio, 3)}`);
  return ratio.median > TARGETS.cpu ? [`the CPU time is ${ratio.median.toFixed(3)} x that of one slice at a time`] : [];
};

const shown = ({ median, min, max }: Spread, digits: number): string =>
  `${median.toFixed(digits)} [${min.toFixed(digits)} to ${max.toFixed(digits)}]`;

await asProcess(async () => {
  const given = readArguments(HELP, { slices: 'count', repeats: 'count' });
  if (given === undefined) return;
  const { slices = 200, repeats = 5 } = given;
  const directory = mkdtempSync(join(tmpdir(), 'headwater-bench-latency-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const server = await startServer();
  const bench: Bench = { directory, baseUrl: server.url, slices, repeats };
  try {
    tell(`Node ${process.version}, ${repeats} rounds; medians, with the smallest and the largest in brackets.\n`);
    const missed = [...(await atLatency(bench, 50)), ...(await atLatency(bench, 200)), ...(await cpu(bench))];
    if (missed.length > 0) throw new Error(`Missed: ${missed.join('; ')}.`);
    tell('All targets are met.');
  } finally {
    server.stop();
  }
});
