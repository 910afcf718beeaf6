import { stringifyJson } from '../protocol/lossless-json.ts';
import type { AirbyteMessage } from '../protocol/types.ts';
import { redactMessage } from './redact-message.ts';

/** What the writer needs of a stream: `process.stdout` has it. */
export interface OutputStream {
  write(chunk: Uint8Array, done: (error?: Error | null) => void): boolean;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

const CHUNK_BYTES = 256 * 1024;
const HIGH_WATER_BYTES = 1024 * 1024;
const LINGER_MS = 20;
/** Characters that are made bytes at a time: a call for each line costs more than its bytes. */
const TEXT_CHARS = 16 * 1024;

/** The most bytes a character of a JavaScript string takes in UTF-8. */
const BYTES_PER_CHAR = 3;

interface Waiter {
  readonly isDone: () => boolean;
  readonly resolve: () => void;
}

/**
 * The only owner of standard output: whole JSON lines in the order they came, in large pieces.
 *
 * Lines are gathered in one buffer, whatever they are made of, and go out when it is full or 20 ms after the first of
 * them. Writing never blocks and never throws. A producer asks `ready()` from time to time and waits while the reader is
 * slow. When the reader goes away (`EPIPE`), `onClose` is called once and everything later is dropped.
 */
export class Writer {
  readonly #write: OutputStream['write'];
  readonly #onClose: (error: NodeJS.ErrnoException) => void;
  /** Buffers whose bytes have gone out: a new one for each piece would be garbage that the heap does not feel. */
  readonly #spare: Buffer[] = [];
  #chunk: Buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  #used = 0;
  /** Lines that come after what is in the chunk. */
  #text = '';
  #timer: NodeJS.Timeout | undefined;
  #pendingBytes = 0;
  /** Handed to the operating system so far. */
  #sentBytes = 0;
  #closed = false;
  #waiters: Waiter[] = [];

  constructor(out: OutputStream, onClose: (error: NodeJS.ErrnoException) => void = () => {}) {
    // Taken now: `captureStdout` replaces the method for everybody else.
    this.#write = out.write.bind(out);
    this.#onClose = onClose;
    out.on('error', (error) => this.#close(error));
  }

  /** Writes one message that is not a record, without the secrets it may quote. */
  message(message: AirbyteMessage): void {
    this.line(`${stringifyJson(redactMessage(message))}\n`);
  }

  /** Writes a whole line, with its line feed. */
  line(text: string): void {
    this.#text += text;
    if (this.#text.length >= TEXT_CHARS) this.#encode();
    this.#linger();
  }

  /** Writes a line of three parts: `prefix`, the bytes of `source` from `start` to `end`, `suffix`. */
  lineOf(prefix: Uint8Array, source: Uint8Array, start: number, end: number, suffix: Uint8Array): void {
    this.#encode();
    const size = prefix.length + end - start + suffix.length;
    this.#makeRoom(size);
    this.#linger();
    const chunk = this.#chunk;
    chunk.set(prefix, this.#used);
    chunk.set(source.subarray(start, end), this.#used + prefix.length);
    chunk.set(suffix, this.#used + size - suffix.length);
    this.#used += size;
  }

  /** Undefined when more may be written at once, else a promise for when the reader has caught up. */
  ready(): Promise<void> | undefined {
    return this.#pendingBytes < HIGH_WATER_BYTES ? undefined : this.#until(() => this.#pendingBytes < HIGH_WATER_BYTES);
  }

  /** Resolves when everything written so far has been handed to the operating system, or the reader is gone. */
  async end(): Promise<void> {
    this.#send();
    // Others may go on writing meanwhile.
    const written = this.#sentBytes + this.#pendingBytes;
    await this.#until(() => this.#sentBytes >= written);
  }

  #until(isDone: () => boolean): Promise<void> {
    if (this.#closed || isDone()) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ isDone, resolve }));
  }

  /** Puts the text into the chunk. */
  #encode(): void {
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    this.#makeRoom(text.length * BYTES_PER_CHAR);
    this.#used += this.#chunk.write(text, this.#used);
  }

  #makeRoom(bytes: number): void {
    if (this.#used + bytes <= this.#chunk.length) return;
    this.#sendChunk();
    if (bytes > this.#chunk.length) this.#chunk = Buffer.allocUnsafe(bytes);
  }

  #linger(): void {
    this.#timer ??= setTimeout(() => this.#send(), LINGER_MS);
  }

  #send(): void {
    this.#encode();
    this.#sendChunk();
  }

  #sendChunk(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [chunk, used] = [this.#chunk, this.#used];
    this.#used = 0;
    if (this.#closed || used === 0) return;
    this.#chunk = this.#spare.pop() ?? Buffer.allocUnsafe(CHUNK_BYTES);
    this.#pendingBytes += used;
    try {
      this.#write(chunk.subarray(0, used), (error) => {
        this.#pendingBytes -= used;
        this.#sentBytes += used;
        if (chunk.length === CHUNK_BYTES) this.#spare.push(chunk);
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
    this.#waiters = waiters.filter(({ isDone }) => !isDone());
    for (const { isDone, resolve } of waiters) if (isDone()) resolve();
  }

  #close(error: NodeJS.ErrnoException): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const { resolve } of this.#waiters) resolve();
    this.#waiters = [];
    this.#onClose(error);
  }
}
