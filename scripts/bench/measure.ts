import { capture, run } from './child.ts';
import type { Command, Load } from './contestants.ts';
import { LineCounter } from './line-counter.ts';

/** One run of one contestant. */
export interface Sample {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakRssBytes: number;
  readonly records: number;
  readonly bytes: number;
}

/** Lets a contestant deliver a load, counts what arrives, and throws when that is not the whole load. */
export const measure = async (command: Command, load: Load): Promise<Sample> => {
  const counter = new LineCounter();
  const args = command(load);
  const { wallSeconds, userSeconds, systemSeconds, peakRssBytes } = await run(args, counter.add);
  const { records, bytes } = counter;
  if (records !== load.total) {
    throw new Error(`"node ${args.join(' ')}" delivered ${records} records instead of ${load.total}.`);
  }
  return { wallSeconds, cpuSeconds: userSeconds + systemSeconds, peakRssBytes, records, bytes };
};

interface Message {
  readonly type: string;
  readonly record?: { readonly data: unknown };
}

/** The data of all records a contestant delivers: each as JSON with sorted keys, all in order. */
export const recordData = async (command: Command, load: Load): Promise<readonly string[]> => {
  const lines = (await capture(command(load))).trimEnd().split('\n');
  return lines
    .map((line): Message => JSON.parse(line))
    .filter(({ type }) => type === 'RECORD')
    .map(({ record }) => JSON.stringify(record?.data, sortKeys))
    .toSorted();
};

const sortKeys = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;
