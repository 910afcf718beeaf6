import { appendFileSync } from 'node:fs';
import { InputFileError, messageOf, type Violation } from '../errors.ts';
import { stringifyJson } from '../protocol/lossless-json.ts';

/**
 * The file that takes the records no schema would have: JSON lines of stream, violations and record. Only its owner may read
 * it: like the records on standard output, these are what the API sent.
 */
export class Rejects {
  readonly #path: string;

  /** @throws InputFileError when the file cannot be written; better now than at the first bad record */
  constructor(path: string) {
    this.#path = path;
    this.#append('');
  }

  /** Appends one record. Synchronous: it must be on disk before the state moves past it. */
  add(stream: string, record: unknown, violations: readonly Violation[]): void {
    this.#append(`${stringifyJson({ stream, violations, record })}\n`);
  }

  #append(text: string): void {
    try {
      appendFileSync(this.#path, text, { mode: 0o600 });
    } catch (cause) {
      throw new InputFileError(`--rejects ${this.#path}: cannot be written: ${messageOf(cause)}`, { cause });
    }
  }
}
