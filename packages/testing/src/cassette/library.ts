import { join } from 'node:path';
import { cassetteFiles, readCassette } from './cassette-file.ts';
import { fileNameOf, type Cassette, type Interaction, type RecordedRequest } from './format.ts';
import { REPLACED } from './replacements.ts';
import { keyOf, partsOf, type RequestParts } from './request-key.ts';

/** A recorded exchange, and whether it has been replayed. */
export interface Recorded {
  readonly path: string;
  readonly stream: string | undefined;
  readonly interaction: Interaction;
  readonly parts: RequestParts;
  used: boolean;
}

/** The answers of one request, in the order they were recorded. */
export interface Found {
  readonly recorded: readonly Recorded[];
  /** The first that was not replayed yet. */
  readonly next: Recorded | undefined;
}

export interface LibraryOptions {
  readonly directory: string;
  readonly ignore: readonly string[];
  readonly redact: readonly string[];
  /** Called when a file is read. */
  readonly opened: (path: string, cassette: Cassette) => void;
}

interface File {
  readonly all: readonly Recorded[];
  readonly exact: ReadonlyMap<string, readonly Recorded[]>;
  readonly loose: ReadonlyMap<string, readonly Recorded[]>;
  readonly ignore: readonly string[];
  readonly redact: readonly string[];
}

/** The cassettes of a folder, each read when it is first needed. */
export class Library {
  readonly #options: LibraryOptions;
  readonly #files = new Map<string, File | undefined>();

  constructor(options: LibraryOptions) {
    this.#options = options;
  }

  /**
   * What was recorded for a request: in the cassette of its stream, else in any other, for who asked makes no difference
   * to the API. Values that were replaced may differ where nothing else fits.
   */
  find(request: RecordedRequest, stream: string | undefined): Found | undefined {
    const own = join(this.#options.directory, fileNameOf(stream));
    let spent: Found | undefined;
    for (const path of this.#paths(own)) {
      const file = this.#open(path);
      for (const recorded of file ? candidates(file, request) : []) {
        const next = recorded.find(({ used }) => !used);
        if (next) return { recorded, next };
        if (recorded.length > 0) spent ??= { recorded, next: undefined };
      }
    }
    return spent;
  }

  /** Everything recorded, all files of the folder read. */
  all(): readonly Recorded[] {
    return cassetteFiles(this.#options.directory).flatMap((path) => this.#open(path)?.all ?? []);
  }

  /** The parts of a request as the cassette of a stream compares them. */
  partsFor(request: RecordedRequest, path: string): RequestParts {
    const { ignore = this.#options.ignore, redact = this.#options.redact } = this.#open(path) ?? {};
    return partsOf(request, { ignore, redact, loose: 'all' });
  }

  /** Its own file first: the others are not even read when it has the answer. */
  *#paths(own: string): Iterable<string> {
    yield own;
    for (const path of cassetteFiles(this.#options.directory)) if (path !== own) yield path;
  }

  #open(path: string): File | undefined {
    if (this.#files.has(path)) return this.#files.get(path);
    const cassette = readCassette(path);
    const file = cassette && this.#index(path, cassette);
    this.#files.set(path, file);
    if (cassette) this.#options.opened(path, cassette);
    return file;
  }

  #index(path: string, { stream, interactions, ignored = [], redacted = [] }: Cassette): File {
    const ignore = [...this.#options.ignore, ...ignored];
    const redact = [...this.#options.redact, ...redacted];
    const [exact, loose] = [new Map<string, Recorded[]>(), new Map<string, Recorded[]>()];
    const all = interactions.map((interaction) => {
      const { request } = interaction;
      const parts = partsOf(request, { ignore, redact, loose: 'none' });
      const entry: Recorded = { path, stream, interaction, parts, used: false };
      push(exact, keyOf(parts), entry);
      push(loose, keyOf(partsOf(request, { ignore, redact, loose: 'all' })), entry);
      return entry;
    });
    return { all, exact, loose, ignore, redact };
  }
}

const candidates = ({ exact, loose, ignore, redact }: File, request: RecordedRequest): (readonly Recorded[])[] => {
  const parts = partsOf(request, { ignore, redact, loose: 'none' });
  const same = exact.get(keyOf(parts)) ?? [];
  const alike = loose.get(keyOf(partsOf(request, { ignore, redact, loose: 'all' }))) ?? [];
  return [same, alike.filter((recorded) => agrees(recorded.parts, parts))];
};

/** What came from a recorded answer is asked as it stands there: only what came from elsewhere may differ. */
const agrees = (recorded: RequestParts, asked: RequestParts): boolean =>
  [...asked].every(([name, value]) => value.search(REPLACED) < 0 || recorded.get(name) === value);

const push = (map: Map<string, Recorded[]>, key: string, entry: Recorded): void => {
  const known = map.get(key);
  if (known) known.push(entry);
  else map.set(key, [entry]);
};
