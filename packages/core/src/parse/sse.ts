import { piecesOf, type Body } from './body.ts';
import { decodeText } from './decode-text.ts';

/** One server-sent event. */
export interface SseEvent {
  /** Its type; `message` where the server does not name one. */
  readonly event: string;
  /** The last id the server has sent, with this event or before; what `Last-Event-ID` carries when connecting again. */
  readonly id?: string;
  /** The text of the event; several `data` lines are joined with line feeds. */
  readonly data: string;
  /** Milliseconds the server last asked to wait before connecting again. */
  readonly retry?: number;
}

/**
 * The events of a `text/event-stream` body (always UTF-8), each as soon as the blank line after it has arrived.
 *
 * By the standard, comments and unknown fields are skipped, and so is an event that the body breaks off.
 *
 * @throws BodyError when the body is not UTF-8
 */
export async function* readSse(body: Body): AsyncGenerator<SseEvent, void, undefined> {
  const { createParser } = await import('eventsource-parser');
  const events: SseEvent[] = [];
  let last: Pick<SseEvent, 'id' | 'retry'> = {};
  const parser = createParser({
    onEvent: ({ event, id, data }) => {
      if (id !== undefined) last = { ...last, id };
      events.push({ event: event ?? 'message', ...last, data });
    },
    onRetry: (retry) => (last = { ...last, retry }),
  });
  for await (const text of decodeText(piecesOf(body))) {
    parser.feed(text);
    yield* events.splice(0);
  }
}
