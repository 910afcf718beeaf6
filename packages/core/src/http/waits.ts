import { channel } from 'node:diagnostics_channel';
import type { JsonObject } from '../protocol/json.ts';
import type { HttpRequest } from './types.ts';

/** Why a request is not sent at once: a failure, a rate limit the API told of, or the turn in the rate budget. */
export type WaitReason = 'retry' | 'rate_limit' | 'rate_budget';

/** A request waits, or has waited, before it is sent. */
export interface Wait {
  /** The stream it asks for; undefined for a request of no stream, e.g. a login. */
  readonly stream: string | undefined;
  readonly slice: JsonObject | undefined;
  readonly reason: WaitReason;
  /** How long, from its beginning to its end. */
  readonly milliseconds: number;
  /** Its end, in milliseconds since the epoch. A wait for the rate budget is told when it is over. */
  readonly until: number;
}

/** Where every wait of this process is told, under a name that tools can subscribe to without this package. */
const waits = channel('headwater:wait');

/** Tells a wait to whoever listens. */
export const tellWait = (
  { sender }: HttpRequest,
  { reason, milliseconds, until }: Pick<Wait, 'reason' | 'milliseconds' | 'until'>,
): void => {
  if (!waits.hasSubscribers) return;
  waits.publish({ stream: sender?.stream, slice: sender?.slice, reason, milliseconds, until } satisfies Wait);
};
