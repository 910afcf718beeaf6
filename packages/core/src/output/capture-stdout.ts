import { format } from 'node:util';
import type { Logger } from './logger.ts';
import { redact } from './redact.ts';

const CONSOLE_LEVELS = {
  debug: 'debug',
  trace: 'debug',
  log: 'info',
  info: 'info',
  dir: 'info',
  warn: 'warn',
  error: 'error',
} as const;

/**
 * Turns whatever connector code prints into LOG messages, so that standard output holds nothing but messages.
 *
 * `console.log` becomes INFO, `console.warn` WARN and so on; text that a library writes to `process.stdout` becomes INFO.
 *
 * What is written to `process.stderr` goes there, without secrets.
 *
 * @returns a function that puts everything back as it was
 */
export const captureStdout = (logger: Logger): (() => void) => {
  const undo: (() => void)[] = [];
  const replace = <T extends object, K extends keyof T>(target: T, key: K, value: T[K]): void => {
    const original = target[key];
    target[key] = value;
    undo.push(() => {
      target[key] = original;
    });
  };

  for (const [method, level] of Object.entries(CONSOLE_LEVELS) as [
    keyof typeof CONSOLE_LEVELS,
    'debug' | 'info' | 'warn' | 'error',
  ][]) {
    replace(console, method, (...values: unknown[]) => logger[level](format(...values)));
  }

  const write = (
    chunk: string | Uint8Array,
    encodingOrDone?: BufferEncoding | ((error?: Error | null) => void),
    done?: (error?: Error | null) => void,
  ): boolean => {
    const text = (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')).replace(/\n$/, '');
    if (text !== '') logger.info(text);
    const callback = typeof encodingOrDone === 'function' ? encodingOrDone : done;
    if (callback) process.nextTick(callback);
    return true;
  };
  replace(process.stdout, 'write', write);
  const toStderr = process.stderr.write.bind(process.stderr) as (...values: unknown[]) => boolean;
  const writeError = (chunk: string | Uint8Array, ...rest: unknown[]): boolean =>
    toStderr(redact(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')), ...rest);
  replace(process.stderr, 'write', writeError);

  return () => {
    for (const restore of undo.toReversed()) restore();
  };
};
