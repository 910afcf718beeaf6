import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { spread } from './statistics.ts';
import type { Spread } from './statistics.ts';

/** How long a process takes from its start to its end, in milliseconds. */
export interface StartUp {
  readonly bareMs: Spread;
  readonly specMs: Spread;
  /** The difference of the medians. */
  readonly overMs: number;
}

/** Times `spec` of a connector beside a Node process that does nothing, one after the other. */
export const measureStartUp = async (connector: string, repeats: number): Promise<StartUp> => {
  const bare: number[] = [];
  const spec: number[] = [];
  for (let round = 0; round <= repeats; round++) {
    const pair = [await lifetime(['-e', '0']), await lifetime([connector, 'spec'])] as const;
    // The first pair finds the files on the disk, the others find them in memory.
    if (round === 0) continue;
    bare.push(pair[0]);
    spec.push(pair[1]);
  }
  const [bareMs, specMs] = [spread(bare), spread(spec)];
  return { bareMs, specMs, overMs: specMs.median - bareMs.median };
};

const lifetime = async (args: readonly string[]): Promise<number> => {
  const started = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  const [code]: (number | null)[] = await once(child, 'close');
  if (code !== 0) throw new Error(`"node ${args.join(' ')}" ended with exit code ${code}.`);
  return performance.now() - started;
};
