import { failureTypeOf, messageOf, NetworkError } from '../errors.ts';
import type { Clock } from '../http/clock.ts';
import type { Logger } from '../output/logger.ts';
import type { SseEvent } from '../parse/sse.ts';

export interface EventsRun {
  /** Connects; undefined when the server wants no more connections. */
  readonly open: (lastId: string | undefined, signal: AbortSignal) => Promise<AsyncIterable<SseEvent> | undefined>;
  /** Where to begin; from the newest event if there is none. */
  readonly lastId: string | undefined;
  /** Milliseconds to listen for. */
  readonly duration: number;
  /** For messages. */
  readonly label: string;
  readonly log: Logger;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The standard leaves the first wait to the client: "in the region of a few seconds". */
const FIRST_WAIT = 3000;
const SHORTEST_WAIT = 100;
const LONGEST_WAIT = 60_000;
/** A connection that stood so long was a good one, also when nothing happened. */
const GOOD_CONNECTION = 10_000;
/** So many connections in a row that were not are a failure, not an accident. */
const MOST_BAD = 8;

/**
 * The events of as many connections as it takes. A connection that breaks is made again after what the server asked to
 * wait, and longer each time it ended early and no event had come.
 *
 * @throws NetworkError when too many connections in a row ended early and brought no event; what `open` throws beyond its own retry
 */
export async function* readEvents(run: EventsRun): AsyncGenerator<SseEvent, void, undefined> {
  const { open, duration, label, log, clock, signal } = run;
  const over = new AbortController();
  const timer = Number.isFinite(duration) ? setTimeout(() => over.abort(), duration) : undefined;
  const ended = AbortSignal.any([signal, over.signal]);
  let { lastId } = run;
  let wait = FIRST_WAIT;
  let bad = 0;
  try {
    while (!ended.aborted) {
      let why = 'the server closed it';
      let failure: unknown;
      const began = performance.now();
      bad++;
      try {
        const events = await open(lastId, ended);
        if (!events) return;
        for await (const event of events) {
          bad = 0;
          lastId = event.id ?? lastId;
          wait = event.retry ?? wait;
          yield event;
        }
      } catch (error) {
        signal.throwIfAborted();
        if (over.signal.aborted) return;
        if (failureTypeOf(error) !== 'transient_error') throw error;
        failure = error;
        why = messageOf(error);
      }
      if (performance.now() - began >= GOOD_CONNECTION) bad = 0;
      if (bad >= MOST_BAD) {
        throw new NetworkError(
          `${label}: ${bad} connections in a row ended early and brought no event; the last one because ${why}`,
          'transient_error',
          { cause: failure },
        );
      }
      const pause = Math.min(LONGEST_WAIT, Math.max(SHORTEST_WAIT, wait) * 2 ** Math.max(0, bad - 1));
      log.info(`${label}: the connection ended (${why}); connecting again in ${pause} ms.`);
      await clock.sleep(pause, ended).catch(() => {});
    }
    signal.throwIfAborted();
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}
