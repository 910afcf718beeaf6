import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url));

export interface WorkerTask {
  readonly task: 'churn' | 'replay' | 'leave' | 'overflow';
  readonly directory?: string;
  readonly seed?: number;
  readonly urls?: number;
  readonly size?: number;
  readonly memoryBytes?: number;
  readonly diskBytes?: number;
  readonly how?: 'return' | 'exit' | 'throw';
}

/** A process that uses the cache, and all it has printed so far. */
export interface Worker {
  readonly process: ChildProcess;
  output(): string;
  /** Resolves when it has printed so many characters, or with the end. */
  printed(length: number): Promise<unknown>;
  /** Its exit code, once its output has been read. */
  readonly ended: Promise<number | null>;
}

export const startWorker = (task: WorkerTask, env: NodeJS.ProcessEnv = {}): Worker => {
  const child = spawn(process.execPath, [WORKER, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HEADWATER_CACHE_DIR: '', ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.resume();
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const printed = (length: number) =>
    Promise.race([
      ended,
      new Promise<void>((resolve) => {
        const look = () => output.length >= length && resolve();
        child.stdout.on('data', look);
        look();
      }),
    ]);
  return { process: child, output: () => output, printed, ended };
};

/** Asks for every URL once in a process of its own. */
export const replay = async (task: Omit<WorkerTask, 'task'>) => {
  const worker = startWorker({ ...task, task: 'replay' });
  const code = await worker.ended;
  if (code !== 0) throw new Error(`The worker ended with ${code}: ${worker.output()}`);
  return JSON.parse(worker.output()) as { readonly calls: number; readonly hits: number; readonly wrong: number };
};
