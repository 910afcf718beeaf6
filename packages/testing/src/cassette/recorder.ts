import { join } from 'node:path';
import type {
  CookieStore,
  HttpHeaders,
  HttpRequest,
  Logger,
  WireReplacement,
  WireResponse,
  WireSeam,
} from '@headwater/core';
import { fileNameOf } from './format.ts';
import { recordedRequest, recordedResponse } from './interaction.ts';
import { isCredentialHeader } from './names.ts';
import { withOrigin } from './origin.ts';
import { Redactor } from './redactor.ts';
import { Replacements } from './replacements.ts';
import type { CassetteSettings } from './settings.ts';
import { copied, type Streamed } from './streamed.ts';
import { Tape } from './tape.ts';

/** How long an answer is only in memory, at least, in milliseconds. */
const SAVE_EVERY_MS = 250;
/** Saving takes at most this share of the time. */
const SHARE = 20;

/** Sends every request and writes down what goes over the wire. */
export class Recorder implements WireReplacement {
  readonly #settings: CassetteSettings;
  readonly #log: Logger | undefined;
  readonly #tapes = new Map<string, Tape>();
  readonly #replacements = new Replacements();
  #redactor: Redactor | undefined;
  #order = 0;
  #timer: NodeJS.Timeout | undefined;
  #pause = SAVE_EVERY_MS;

  constructor(settings: CassetteSettings, log: Logger | undefined) {
    this.#settings = settings;
    this.#log = log;
  }

  async send(request: HttpRequest, seam: WireSeam): Promise<WireResponse> {
    const redactor = (this.#redactor ??= new Redactor(seam, this.#replacements, this.#settings));
    const tape = this.#tapeOf(request.sender?.stream, redactor);
    const order = ++this.#order;
    const cookies: string[] = [];
    tape.open++;
    try {
      const noted = noting(request, cookies);
      const { origin } = this.#settings;
      const answer = await (origin === undefined ? seam.real(noted) : withOrigin(origin, noted, seam.real));
      const response = { ...answer, request };
      const keep = (bytes: Uint8Array): void => {
        if (this.#isFull(tape)) return;
        for (const secret of credentialsIn(request.headers)) redactor.learn(secret);
        const whole = { ...response, bytes };
        // The answer first: what it names as a credential may stand in the request, too.
        const answered = recordedResponse(whole, cookies, redactor);
        tape.add(order, { request: recordedRequest(request, redactor), response: answered }, bytes.length);
        this.#saveSoon();
      };
      if (seam.streamed && 'body' in answer) return copied(response as Streamed, keep);
      keep(response.bytes);
      return response;
    } finally {
      tape.open--;
    }
  }

  /**
   * Writes all that is not written yet.
   *
   * @param complete whether the recording has come to its end
   */
  save({ complete }: { readonly complete: boolean }): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const replaced = this.#replacements.count;
    for (const tape of this.#tapes.values()) {
      if (complete || tape.isDirty) tape.save({ replaced, complete });
    }
  }

  #saveSoon(): void {
    this.#timer ??= setTimeout(() => {
      const began = performance.now();
      try {
        this.save({ complete: false });
      } catch (error) {
        // It is tried again at the end, where it fails the process.
        this.#log?.warn(String(error));
      }
      this.#pause = Math.max(SAVE_EVERY_MS, (performance.now() - began) * SHARE);
    }, this.#pause).unref();
  }

  #tapeOf(stream: string | undefined, redactor: Redactor): Tape {
    const path = join(this.#settings.directory, fileNameOf(stream));
    const known = this.#tapes.get(path);
    if (known) return known;
    const { limit, redact, ignore } = this.#settings;
    const tape = new Tape({ path, stream, redactor, limit, redact, ignore });
    this.#replacements.startAfter(tape.replaced);
    if (tape.unredacted.length > 0) {
      this.#log?.warn(
        `The cassette ${path} begins anew: what it had was recorded without replacing ${tape.unredacted.join(', ')}.`,
      );
    }
    this.#tapes.set(path, tape);
    return tape;
  }

  #isFull(tape: Tape): boolean {
    const told = tape.cut !== undefined;
    if (!tape.isFull) return false;
    if (!told) {
      this.#log?.warn(
        `The cassette ${tape.path} is cut: ${tape.cut}. Read less (fewer streams, a later start date), or raise ` +
          `HEADWATER_CASSETTE_LIMIT where it is the number of exchanges.`,
      );
    }
    return true;
  }
}

/** The request with its cookies told to us as well. */
const noting = (request: HttpRequest, noted: string[]): HttpRequest => {
  const { cookies } = request;
  const store: CookieStore = {
    headerFor: (url) => cookies?.headerFor(url),
    keep(url, setCookies) {
      noted.push(...setCookies);
      cookies?.keep(url, setCookies);
    },
  };
  return cookies ? { ...request, cookies: store } : request;
};

/** What the headers of a request hold for secrets, whoever put them there. */
const credentialsIn = (headers: HttpHeaders): string[] =>
  Object.entries(headers)
    .filter(([name]) => isCredentialHeader(name))
    .flatMap(([name, value]) => {
      if (name === 'cookie') return value.split(';').map((pair) => pair.slice(pair.indexOf('=') + 1).trim());
      const [, scheme = '', rest = value] = /^(\w+) +(.*)$/s.exec(value) ?? [];
      if (scheme.toLowerCase() !== 'basic') return [rest];
      const text = Buffer.from(rest, 'base64').toString();
      const [, user = '', password = ''] = /^([^:]*):?(.*)$/s.exec(text) ?? [];
      // Who has no password has a key for a name.
      return [rest, password === '' ? user : password];
    });
