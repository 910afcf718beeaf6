import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { Writable } from 'node:stream';

import type { Usage } from './usage-probe.ts';

const PROBE = new URL('./usage-probe.js', import.meta.url).href;
const KEPT_OUTPUT = 2000;

export interface Run extends Usage {
  /** From the start of the process until it is gone and its output has been read. */
  readonly wallSeconds: number;
}

/** Runs a Node process with its stdout piped to `onChunk`, and tells what it used. Throws when it fails. */
export const run = async (args: readonly string[], onChunk: (chunk: Buffer) => void): Promise<Run> => {
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', PROBE, ...args], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  let last: Buffer = Buffer.alloc(0);
  child.stdout?.on('data', (chunk: Buffer) => {
    last = chunk;
    onChunk(chunk);
  });
  const errors = textOf(child.stderr);
  const usage = textOf(child.stdio[3]);
  const [code, signal]: (number | string | null)[] = await once(child, 'close');
  const wallSeconds = (performance.now() - started) / 1000;
  if (code !== 0) {
    const seen = [last.toString().slice(-KEPT_OUTPUT), errors().slice(-KEPT_OUTPUT)].join('\n').trim();
    throw new Error(`"node ${args.join(' ')}" ended with ${signal ?? `exit code ${code}`}.\n${seen}`);
  }
  const used: Usage = JSON.parse(usage());
  return { ...used, wallSeconds };
};

/** Runs a Node process and returns all it wrote to stdout. */
export const capture = async (args: readonly string[]): Promise<string> => {
  const chunks: Buffer[] = [];
  await run(args, (chunk) => chunks.push(chunk));
  return Buffer.concat(chunks).toString();
};

const textOf = (stream: Readable | Writable | null | undefined): (() => string) => {
  let text = '';
  if (stream instanceof Readable) stream.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  return () => text;
};
