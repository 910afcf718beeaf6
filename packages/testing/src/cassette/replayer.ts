import type { HttpRequest, Logger, WireReplacement, WireResponse, WireSeam } from '@headwater/core';
import { CassetteError } from './cassette-error.ts';
import { faultyAnswer, type CassetteFault } from './fault.ts';
import type { Cassette, RecordedRequest } from './format.ts';
import { recordedRequest } from './interaction.ts';
import { Library, type Recorded } from './library.ts';
import { missing, spent } from './miss.ts';
import { Redactor } from './redactor.ts';
import { replayedAnswer } from './replayed-answer.ts';
import { Replacements } from './replacements.ts';
import type { CassetteSettings } from './settings.ts';
import { streamedOf } from './streamed.ts';

/** Answers every request with what was recorded for it, and sends none. */
export class Replayer implements WireReplacement {
  readonly quick = true;
  readonly #settings: CassetteSettings;
  readonly #library: Library;
  readonly #incomplete = new Map<string, string>();
  #fault: CassetteFault | undefined;
  #sent = 0;

  constructor(settings: CassetteSettings, log: Logger | undefined) {
    this.#settings = settings;
    this.#fault = settings.fault;
    const opened = (path: string, cassette: Cassette): void => {
      if (cassette.complete) return;
      const why = cassette.cut ?? 'its recording was stopped before its end';
      this.#incomplete.set(path, why);
      log?.warn(`The cassette ${path} is incomplete: ${why}.`);
    };
    this.#library = new Library({ ...settings, opened });
  }

  async send(request: HttpRequest, seam: WireSeam): Promise<WireResponse> {
    request.signal?.throwIfAborted();
    this.#sent++;
    const { secrets, redact } = this.#settings;
    // Anew for each request: what is registered for a secret may have changed.
    const redactor = new Redactor(seam, new Replacements(), { redact, secrets, keepNamed: true });
    const asked = recordedRequest(request, redactor);
    const fault = this.#fault;
    if (fault?.position === this.#sent) {
      this.#fault = undefined;
      return faultyAnswer(fault, request, seam, () => replayedAnswer(this.#next(asked, request).interaction, request));
    }
    const recorded = this.#next(asked, request);
    recorded.used = true;
    const answer = replayedAnswer(recorded.interaction, request);
    return seam.streamed && answer.status >= 200 && answer.status < 300 ? streamedOf(answer) : answer;
  }

  /** What was recorded and has not been replayed. */
  unused(): readonly Recorded[] {
    return this.#library.all().filter(({ used }) => !used);
  }

  #next(asked: RecordedRequest, request: HttpRequest): Recorded {
    const stream = request.sender?.stream;
    const found = this.#library.find(asked, stream);
    if (found?.next) return found.next;
    // A fault met on the way may cost one attempt more, and a token may be asked for at another time.
    const repeats = request.resends !== undefined || request.secretBody === true;
    const last = found?.recorded.at(-1);
    if (last && repeats) return last;
    const place = { directory: this.#settings.directory, incomplete: this.#incomplete };
    throw new CassetteError(
      found ? spent(asked, request, found.recorded.length, place) : missing(asked, request, this.#library, place),
    );
  }
}
