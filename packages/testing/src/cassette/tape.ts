import { readCassette, writeCassette } from './cassette-file.ts';
import type { Cassette, Interaction } from './format.ts';
import { redactAgain } from './interaction.ts';
import { plainName } from './names.ts';
import type { Redactor } from './redactor.ts';
import { notAskedAgain } from './asked-again.ts';

/** What may be kept of one file, in bytes of bodies: the whole of it is in memory while it is recorded. */
const MOST_BYTES = 16 * 1024 * 1024;

export interface TapeOptions {
  readonly path: string;
  readonly stream: string | undefined;
  readonly redactor: Redactor;
  readonly limit: number;
  readonly redact: readonly string[];
  readonly ignore: readonly string[];
}

interface Entry {
  /** When the request was sent, among all of the process. */
  readonly order: number;
  interaction: Interaction;
}

/** One file while it is recorded: what was there before, but for the requests that are asked again, and what is new. */
export class Tape {
  readonly #options: TapeOptions;
  readonly #before: Cassette | undefined;
  readonly #entries: Entry[] = [];
  #bytes = 0;
  #written = 0;
  /** Names of fields that are replaced now and were not in the recording before, which is thrown away for that. */
  readonly unredacted: readonly string[];
  /** Requests without an answer yet. */
  open = 0;
  cut: string | undefined;

  /** @throws CassetteError when the file that is there is no cassette */
  constructor(options: TapeOptions) {
    this.#options = options;
    const before = readCassette(options.path);
    const known = new Set(before?.redacted?.map(plainName));
    this.unredacted = before === undefined ? [] : options.redact.filter((name) => !known.has(plainName(name)));
    this.#before = before && this.unredacted.length > 0 ? { ...before, complete: true, interactions: [] } : before;
  }

  get path(): string {
    return this.#options.path;
  }

  /** How many values were replaced in the recording before. */
  get replaced(): number {
    return this.#before?.replaced ?? 0;
  }

  get isDirty(): boolean {
    return this.#written < this.#entries.length;
  }

  /** Whether there is no room for another answer, and why not. */
  get isFull(): boolean {
    const { limit } = this.#options;
    if (this.#entries.length >= limit) this.cut ??= `it has ${limit} exchanges, and more were not to be kept`;
    else if (this.#bytes > MOST_BYTES) this.cut ??= `it has more than ${MOST_BYTES} bytes of answers`;
    return this.cut !== undefined;
  }

  add(order: number, interaction: Interaction, bytes: number): void {
    this.#bytes += bytes;
    this.#entries.push({ order, interaction });
  }

  /** Writes the file, with what has become known for a secret since hidden in it. */
  save({ replaced, complete }: { readonly replaced: number; readonly complete: boolean }): void {
    const { path, stream, redactor, redact, ignore } = this.#options;
    // What was written before is searched once more at the end only.
    for (const entry of complete ? this.#entries : this.#entries.slice(this.#written)) {
      entry.interaction = redactAgain(entry.interaction, redactor);
    }
    this.#written = this.#entries.length;
    const entries = this.#entries.toSorted((a, b) => a.order - b.order).map(({ interaction }) => interaction);
    const kept = notAskedAgain(this.#before?.interactions ?? [], entries, { ignore, redact });
    const redacted = [...new Set([...(this.#before?.redacted ?? []), ...redact])];
    const ignored = [...new Set([...(this.#before?.ignored ?? []), ...ignore])];
    writeCassette(path, {
      cassette: 1,
      ...(stream !== undefined && { stream }),
      complete: complete && this.open === 0 && this.cut === undefined && this.#before?.complete !== false,
      ...(this.cut !== undefined && { cut: this.cut }),
      ...(redacted.length > 0 && { redacted }),
      ...(ignored.length > 0 && { ignored }),
      ...(replaced > 0 && { replaced }),
      interactions: [...kept, ...entries],
    });
  }
}
