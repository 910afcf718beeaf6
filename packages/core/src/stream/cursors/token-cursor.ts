import { ConnectorError, StateError } from '../../errors.ts';
import type { AnsweredPage } from '../../paginate/paginator.ts';
import { isJsonObject } from '../../protocol/json.ts';
import type { Page } from '../page.ts';
import type { Bound, Cursor, OpenCursor, Reading } from './cursor.ts';

export interface TokenCursorOptions {
  /**
   * What the token is called in `state`.
   *
   * @default 'token'
   */
  readonly name?: string;
  /**
   * Finds the token in an answer; undefined or null in an answer that has none. The last one found is where the next sync
   * begins. Not needed for a stream that tells positions with its pages, as `SseStream` does.
   */
  readonly from?: (page: AnsweredPage) => Bound | null | undefined;
}

/** The turn tells which of two tokens is the later: the tokens themselves have no order. */
interface Position {
  readonly token: Bound;
  readonly turn: number;
}

/**
 * A cursor whose value only the API understands: a sync token, a change number, the id of the last event. It comes with
 * the pages, and a position counts as soon as the page that told it is written.
 *
 * @example
 * override readonly cursor = tokenCursor({ name: 'sync_token', from: ({ body }) => body.nextSyncToken });
 * override requestParams({ state }) { return { syncToken: state.sync_token }; }
 */
export const tokenCursor = ({ name = 'token', from }: TokenCursorOptions = {}): Cursor => {
  if (name === '' || name === 'headwater') {
    throw new ConnectorError(`tokenCursor: the name "${name}" cannot be used. Give another one.`);
  }
  return {
    ...(from && { positionIn: (page) => from(page) ?? undefined }),
    open: ({ stream }): OpenCursor<Position> => ({
      parse: (json, place) => {
        const token = json[name];
        if (typeof token !== 'string' && typeof token !== 'number') {
          throw new StateError(
            `${place} has no value for the cursor "${name}". Give the state a sync of stream "${stream}" emitted, or ` +
              `none to read everything.`,
          );
        }
        const own = json['headwater'];
        const turn = isJsonObject(own) ? own['turn'] : undefined;
        return { token, turn: typeof turn === 'number' ? turn : 0 };
      },
      toJson: ({ token, turn }) => ({ [name]: token, headwater: { version: 1, turn } }),
      merge: (one, other) => {
        if (one.turn !== other.turn) return one.turn > other.turn ? one : other;
        return rank(one.token) >= rank(other.token) ? one : other;
      },
      readings: (position) => [new TokenReading(name, position)],
    }),
  };
};

const rank = (token: Bound): string => `${typeof token}:${token}`;

class TokenReading implements Reading<Position> {
  readonly state;
  #position: Position | undefined;

  constructor(name: string, position: Position | undefined) {
    this.#position = position;
    this.state = position ? { [name]: position.token } : {};
  }

  seePage({ notes: { position } }: Page): void {
    if (position === undefined || position === this.#position?.token) return;
    this.#position = { token: position, turn: (this.#position?.turn ?? 0) + 1 };
  }

  covered(): Position | undefined {
    return this.#position;
  }

  finished(): Position | undefined {
    return this.#position;
  }
}
