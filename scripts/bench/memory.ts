/** What a connector holds in memory while its reader stalls and the API does not. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { readArguments } from './arguments.ts';
import { asProcess } from './as-process.ts';
import { LineCounter } from './line-counter.ts';
import { recordsOf, slicedCommand, type SlicedLoad } from './sliced-run.ts';
import { startServer } from './start-server.ts';

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

const HELP = `npm run build && node scripts/dist/bench/memory.js [options]

What a connector holds in memory while its reader stalls: records through 8 slices at once, from an API that is always
faster than the reader, which reads for a time and then stands still for a time. The resident memory of the connector is
looked at ten times a second (Linux only). Exits with 1 when it reaches 200 MB, or when not all records have come in time.

  --records N    records in all, in thousands (default 5000)
  --read N       milliseconds of reading (default 1000)
  --stall N      milliseconds of standing still (default 2000)
  --seconds N    end it after so many (default 180)
  --help         this text
`;

const SLICES = 8;
const PAGE_SIZE = 1000;
const LIMIT_MB = 200;

/** In megabytes of 1,000,000 bytes; `peak` is what the kernel has seen. */
interface Memory {
  readonly now: number;
  readonly peak: number;
}

const memoryOf = (pid: number): Memory | undefined => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const megabytes = (name: string): number =>
      (Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024) / 1e6;
    const memory: Memory = { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
    return Number.isNaN(memory.now) ? undefined : memory;
  } catch {
    return undefined;
  }
};

interface Reader {
  readonly readMs: number;
  readonly stallMs: number;
}

/** Reads and stands still in turn until the connector has ended. @returns how often it stood still */
const readWithStalls = async (
  child: ChildProcess,
  { readMs, stallMs }: Reader,
  ended: AbortSignal,
): Promise<number> => {
  let stalls = 0;
  const pause = (ms: number): Promise<unknown> => sleep(ms, undefined, { signal: ended }).catch(() => undefined);
  while (!ended.aborted) {
    await pause(readMs);
    if (ended.aborted) break;
    child.stdout?.pause();
    stalls++;
    await pause(stallMs);
    child.stdout?.resume();
  }
  child.stdout?.resume();
  return stalls;
};

const bench = async (command: readonly string[], load: SlicedLoad, reader: Reader, seconds: number): Promise<void> => {
  const started = performance.now();
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  const { pid } = child;
  if (pid === undefined) throw new Error('The connector did not start.');
  process.once('exit', () => child.kill('SIGKILL'));
  const counter = new LineCounter();
  child.stdout.on('data', counter.add);
  const ended = new AbortController();
  const end = once(child, 'exit').finally(() => ended.abort());
  const closed = once(child, 'close');
  const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);

  const samples: Memory[] = [];
  const sampler = setInterval(() => {
    const memory = memoryOf(pid);
    if (memory) samples.push(memory);
  }, 100);
  const stalls = await readWithStalls(child, reader, ended.signal);
  const [code]: unknown[] = await end;
  await closed;
  clearInterval(sampler);
  clearTimeout(timer);

  const peak = Math.max(...samples.map(({ peak: megabytes }) => megabytes));
  const inOrder = samples.map(({ now }) => now).toSorted((one, other) => one - other);
  const median = inOrder[Math.floor(inOrder.length / 2)] ?? Number.NaN;
  const lateHalf = samples.slice(Math.floor(samples.length / 2)).map(({ now }) => now);
  const wall = (performance.now() - started) / 1000;
  tell(
    `Node ${process.version}. ${counter.records} records, ${(counter.bytes / 1e6).toFixed(0)} MB, ${wall.toFixed(0)} s.`,
  );
  tell(`  the reader stood still ${stalls} times for ${reader.stallMs} ms, and read for ${reader.readMs} ms between`);
  tell(`  resident memory: median ${median.toFixed(0)} MB, peak ${peak.toFixed(0)} MB, ${samples.length} samples`);
  tell(`  in the second half: at most ${Math.max(...lateHalf).toFixed(0)} MB`);
  if (code !== 0) throw new Error(`The connector ended with ${String(code)} after ${wall.toFixed(0)} s.`);
  const expected = recordsOf(load);
  if (counter.records !== expected) throw new Error(`${counter.records} records came instead of ${expected}.`);
  if (peak >= LIMIT_MB) throw new Error(`Missed: ${peak.toFixed(0)} MB, the limit is ${LIMIT_MB} MB.`);
};

await asProcess(async () => {
  const given = readArguments(HELP, { records: 'count', read: 'count', stall: 'count', seconds: 'count' });
  if (given === undefined) return;
  const { records = 5000, read: readMs = 1000, stall: stallMs = 2000, seconds = 180 } = given;
  const directory = mkdtempSync(join(tmpdir(), 'headwater-bench-memory-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const server = await startServer();
  try {
    const pages = Math.ceil((records * 1000) / PAGE_SIZE / SLICES);
    const load: SlicedLoad = { slices: SLICES, pages, pageSize: PAGE_SIZE, latency: 0 };
    await bench(slicedCommand(directory, server.url, load), load, { readMs, stallMs }, seconds);
  } finally {
    server.stop();
  }
});
