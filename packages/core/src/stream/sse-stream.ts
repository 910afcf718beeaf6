import type { Authenticator } from '../auth/authenticator.ts';
import { BodyError, ConnectorError, messageOf } from '../errors.ts';
import { createClient, type HttpOptions } from '../http/client.ts';
import { realClock } from '../http/clock.ts';
import { mediaTypeOf } from '../http/media-type.ts';
import { replaceable } from '../http/replaceable-wire.ts';
import { streamWire, type StreamedResponse, type StreamWire } from '../http/streaming/stream-wire.ts';
import type { HttpHeaders, Policy, Send } from '../http/types.ts';
import { joinUrl, withQuery, type QueryParams } from '../http/url.ts';
import { withPosition } from '../parse/json-position.ts';
import { readSse, type SseEvent } from '../parse/sse.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { parseLossless } from '../protocol/lossless-json.ts';
import { tokenCursor } from './cursors/token-cursor.ts';
import type { HttpStreamOptions } from './http-stream.ts';
import { Page } from './page.ts';
import { readEvents } from './read-events.ts';
import { Stream, type SliceContext } from './stream.ts';

const LAST_ID = 'last_event_id';

/**
 * A stream out of server-sent events (WHATWG HTML, section 9.2): connects again when the connection ends, with the id of
 * the last event, and ends after a time or a number of events.
 *
 * In an incremental sync the id of the last event is the state, so that the next sync goes on after it; how far back the
 * API remembers is its own affair. An answer of 204 ends the stream for good, as the standard has it.
 */
export abstract class SseStream<R extends JsonObject = JsonObject, C extends JsonObject = JsonObject> extends Stream<
  R,
  C
> {
  readonly #options: HttpOptions | undefined;
  #connection: { readonly send: Send; readonly wire: StreamWire } | undefined;

  constructor({ http, ...options }: HttpStreamOptions<C> = {}) {
    super(options);
    this.#options = http;
  }

  // You must say these.

  /** The part of the URL that is shared by all streams of the API. */
  abstract readonly urlBase: string;

  /** The rest of the URL, or an absolute URL. Called at each connection. */
  abstract path(context: SliceContext<C>): string;

  // You may change these.

  /**
   * The types of the events to take.
   *
   * @default all
   */
  readonly events?: readonly string[];

  /**
   * Makes records of an event.
   *
   * Called for each event of `events`. A throw fails the slice.
   *
   * @default the data as a JSON object; a throw of `BodyError` for data that is not one
   */
  parseEvent(event: SseEvent, _context: SliceContext<C>): Iterable<R> {
    // The schema check that every record goes through before it is emitted is what makes an R of it.
    return [recordOf(event, this.name) as R];
  }

  /**
   * Milliseconds to listen for. `Infinity` listens until the sync is ended.
   *
   * @default 60000
   */
  readonly duration: number = 60_000;

  /**
   * Ends after so many events have been taken.
   *
   * @default Infinity
   */
  readonly maxEvents: number = Infinity;

  /**
   * Milliseconds without a byte, a comment or an event, after which the connection is taken for dead and made anew.
   *
   * @default 90000
   */
  readonly heartbeatTimeout: number = 90_000;

  /** @default 'GET' */
  readonly method: string = 'GET';

  /** The query. An array repeats its key; null and undefined are left out. Called at each connection. */
  requestParams(_context: SliceContext<C>): QueryParams {
    return {};
  }

  /** Called at each connection. */
  requestHeaders(_context: SliceContext<C>): HttpHeaders {
    return {};
  }

  /** Adds the credential to every request. */
  readonly authenticator?: Policy | Authenticator;

  /** Attempts, waits, time limits. */
  readonly http?: HttpOptions;

  override readonly cursor = tokenCursor({ name: LAST_ID });

  override async *read(context: SliceContext<C>): AsyncIterable<Page<R>> {
    const { send } = (this.#connection ??= connect(this, this.#options));
    const known = context.state[LAST_ID];
    const events = readEvents({
      open: (lastId, signal) => this.#open(send, context, lastId, signal),
      lastId: known === undefined ? undefined : String(known),
      duration: this.duration,
      label: `stream "${this.name}"`,
      log: context.report.log,
      clock: { ...this.http, ...this.#options }.retry?.clock ?? realClock,
      signal: context.signal,
    });
    let taken = 0;
    for await (const event of events) {
      const isTaken = this.events === undefined || this.events.includes(event.event);
      const records = isTaken ? [...this.parseEvent(event, context)] : [];
      // An event that is not taken moves the position too.
      yield new Page(records, { position: event.id });
      if (isTaken && ++taken >= this.maxEvents) return;
    }
  }

  async #open(
    send: Send,
    context: SliceContext<C>,
    lastId: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<SseEvent> | undefined> {
    const { name } = this;
    const url = withQuery(joinUrl(this.urlBase, this.path(context)).href, this.requestParams(context));
    const headers: Record<string, string> = { accept: 'text/event-stream', 'cache-control': 'no-cache' };
    for (const [key, value] of Object.entries(this.requestHeaders(context))) headers[key.toLowerCase()] = value;
    if (lastId !== undefined && lastId !== '') headers['last-event-id'] = lastId;
    const sender = {
      label: `stream "${name}"`,
      stream: name,
      slice: context.slice,
      log: context.report.log,
      throttled: (until: Date) => context.report.throttled(until),
    };
    const answer = await send({ method: this.method.toUpperCase(), url, headers, sender, signal });
    if (answer.status === 204) return undefined;
    // The wire beneath the policies gives nothing else.
    const streamed = answer as StreamedResponse;
    if (mediaTypeOf(answer) !== 'text/event-stream') {
      streamed.close?.();
      throw new ConnectorError(
        `${url} of stream "${name}" was answered with "${mediaTypeOf(answer)}", not with text/event-stream. ` +
          `Correct path, or read it with an HttpStream.`,
      );
    }
    return readSse(streamed.body);
  }
}

const connect = <R extends JsonObject, C extends JsonObject>(
  { http, authenticator, heartbeatTimeout }: SseStream<R, C>,
  options: HttpOptions | undefined,
): { readonly send: Send; readonly wire: StreamWire } => {
  const { wire: own, cache: _cache, ...all } = { ...http, ...options };
  const wire = streamWire({ ...all, timeouts: { ...all.timeouts, idle: heartbeatTimeout } });
  // It waits for hours by nature: the watchdog would only cry wolf.
  return {
    send: createClient({
      ...all,
      authenticator,
      watchdog: false,
      wire: own ?? replaceable(wire.send, { streamed: true }),
    }),
    wire,
  };
};

const recordOf = ({ data, event, id }: SseEvent, stream: string): JsonObject => {
  const place = `An event "${event}"${id === undefined ? '' : ` with the id "${id}"`} of stream "${stream}"`;
  let record: unknown;
  try {
    record = parseLossless(data);
  } catch (error) {
    const cause = withPosition(error, data);
    throw new BodyError(`${place} has data that is not JSON: ${messageOf(cause)}. Write parseEvent.`, { cause });
  }
  if (isJsonObject(record)) return record;
  throw new BodyError(`${place} has data that is no JSON object. Write parseEvent.`);
};
