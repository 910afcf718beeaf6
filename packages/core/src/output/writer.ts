import { stringifyJson } from '../protocol/lossless-json.ts';
import type { AirbyteMessage } from '../protocol/types.ts';
import { redactMessage } from './redact.ts';

/** What the writer needs of a stream: `process.stdout` has it. */
export interface OutputStream {
  write(chunk: string | Uint8Array, done: (error?: Error | null) => void): boolean;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

const BATCH_CHARS = 64 * 1024;
const HIGH_WATER_BYTES = 1024 * 1024;
const LINGER_MS = 20;

/**
 * The only owner of standard output: whole JSON lines in the order they came, in large pieces.
 *
 * Writing never blocks and never throws. A producer asks `ready()` between pages and waits while the reader is slow.
 * When the reader goes away (`EPIPE`), `onClose` is called once and everything later is dropped.
 */
export class Writer {
  readonly #write: OutputStream['write'];
  readonly #onClose: (error: NodeJS.ErrnoException) => void;
  #text = '';
  #timer: NodeJS.Timeout | undefined;
  #pendingBytes = 0;
  #closed = false;
  #waiters: { readonly below: number; readonly resolve: () => void }[] = [];

  constructor(out: OutputStream, onClose: (error: NodeJS.ErrnoException) => void = () => {}) {
    // Taken now: `captureStdout` replaces the method for everybody else.
    this.#write = out.write.bind(out);
    this.#onClose = onClose;
    out.on('error', (error) => this.#close(error));
  }

  /** Whether the reader has gone away. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Writes one message that is not a record, without the secrets it may quote. */
  message(message: AirbyteMessage): void {
    this.lines(`${stringifyJson(redactMessage(message))}\n`);
  }

  /** Writes whole lines, each with its line feed. Bytes must not be changed afterwards. */
  lines(lines: string | Uint8Array): void {
    if (this.#closed) return;
    if (typeof lines !== 'string') {
      this.#flush();
      this.#send(lines, lines.length);
      return;
    }
    this.#text += lines;
    if (this.#text.length >= BATCH_CHARS) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), LINGER_MS);
  }

  /** Undefined when more may be written at once, else a promise for when the reader has caught up. */
  ready(): Promise<void> | undefined {
    return this.#pendingBytes < HIGH_WATER_BYTES ? undefined : this.#below(HIGH_WATER_BYTES);
  }

  /** Resolves when everything written so far has been handed to the operating system, or the reader is gone. */
  async end(): Promise<void> {
    this.#flush();
    await this.#below(1);
  }

  #below(bytes: number): Promise<void> {
    if (this.#closed || this.#pendingBytes < bytes) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ below: bytes, resolve }));
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    this.#send(text, text.length);
  }

  #send(chunk: string | Uint8Array, size: number): void {
    if (this.#closed) return;
    this.#pendingBytes += size;
    try {
      this.#write(chunk, (error) => {
        this.#pendingBytes -= size;
        if (error) this.#close(error);
        else this.#wake();
      });
    } catch (error) {
      // A file as standard output is written at once and may throw, on a full disk for one.
      this.#close(error as NodeJS.ErrnoException);
    }
  }

  #wake(): void {
    if (this.#waiters.length === 0) return;
    const waiters = this.#waiters;
    this.#waiters = waiters.filter(({ below }) => this.#pendingBytes >= below);
    for (const { below, resolve } of waiters) if (this.#pendingBytes < below) resolve();
  }

  #close(error: NodeJS.ErrnoException): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#text = '';
    clearTimeout(this.#timer);
    for (const { resolve } of this.#waiters) resolve();
    this.#waiters = [];
    this.#onClose(error);
  }
}
