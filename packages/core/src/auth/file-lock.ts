import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, readlink, rm, rmdir, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputFileError } from '../errors.ts';

export interface FileLockOptions {
  /**
   * Milliseconds without a sign of life after which a lock is taken from a holder that cannot be asked, such as one on
   * another machine. One on this machine is known to be dead at once.
   *
   * @default 15_000
   */
  readonly staleAfter?: number;
  /**
   * Milliseconds to wait for a holder that is alive.
   *
   * @default 600_000 (10 minutes)
   */
  readonly patience?: number;
}

const HEARTBEAT_MS = 1000;
const POLL_MS = 40;

/** How old a guard has to be before it is taken for one whose maker died: it is held for a few system calls. */
const GUARD_MS = 10_000;

/**
 * Does some work while no other process, nor another part of this one, does work under the same lock file.
 *
 * The file says who holds the lock, and is touched every second for as long as the holder lives: a holder that was killed
 * does not block the others for long.
 *
 * @throws InputFileError when the lock cannot be had in time; the system's error when the file cannot be written
 */
export const withFileLock = async <T>(
  path: string,
  work: () => Promise<T>,
  { staleAfter = 15_000, patience = 600_000 }: FileLockOptions = {},
): Promise<T> => {
  const mine = JSON.stringify({ id: randomUUID(), pid: process.pid, host: await thisHost() });
  await take(path, mine, staleAfter, patience);
  const heartbeat = setInterval(() => void touch(path), HEARTBEAT_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    // A holder that slept for too long has lost it to another.
    if ((await look(path))?.text === mine) await rm(path, { force: true });
  }
};

/** A lock as it is found. */
interface Found {
  readonly text: string;
  readonly touched: number;
}

const take = async (path: string, mine: string, staleAfter: number, patience: number): Promise<void> => {
  const began = performance.now();
  // By the clock of this process alone: those of two machines differ.
  let last: (Found & { readonly since: number }) | undefined;
  while (!(await create(path, mine))) {
    const found = await look(path);
    const now = performance.now();
    if (!found) continue;
    if (last?.text !== found.text || last.touched !== found.touched) last = { ...found, since: now };
    if ((await isDead(found.text)) || now - last.since > staleAfter) {
      await clear(path, found);
    } else if (now - began > patience) {
      throw new InputFileError(
        `The lock ${path} has been held for ${Math.round(patience / 1000)} s by ${describeHolder(found.text)}. ` +
          `End that process, or give the connectors token stores of their own.`,
      );
    }
    await sleep(POLL_MS * (0.5 + Math.random()));
  }
};

const create = async (path: string, content: string): Promise<boolean> => {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(content).finally(() => file.close());
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
};

const look = async (path: string): Promise<Found | undefined> => {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return { text, touched: mtimeMs };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

/** Removes a dead holder's lock under a guard: without one, two who see it dead could remove each other's new lock. */
const clear = async (path: string, dead: Found): Promise<void> => {
  const guard = `${path}.guard`;
  try {
    await mkdir(guard);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const made = await stat(guard).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > GUARD_MS) await rmdir(guard).catch(() => {});
    return;
  }
  try {
    const found = await look(path);
    if (found?.text === dead.text && found.touched === dead.touched) await rm(path, { force: true });
  } finally {
    await rmdir(guard).catch(() => {});
  }
};

const touch = async (path: string): Promise<void> => {
  const now = new Date();
  await utimes(path, now, now).catch(() => {});
};

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/** Undefined for a lock that is just being written, or whose writer died over it. */
const holderIn = (text: string): Holder | undefined => {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
};

const describeHolder = (text: string): string => {
  const holder = holderIn(text);
  return holder ? `process ${holder.pid} on ${holder.host}` : 'a process that did not say its name';
};

const isDead = async (text: string): Promise<boolean> => {
  const holder = holderIn(text);
  if (holder?.host !== (await thisHost())) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
};

/** Where a process id means the same: two containers may have one host name, and ids of their own. */
const thisHost = async (): Promise<string> => {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return `${hostname()} ${namespace}`.trim();
};

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
