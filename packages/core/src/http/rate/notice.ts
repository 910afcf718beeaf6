import { RateLimitError } from '../../errors.ts';
import { describeRequest } from '../describe.ts';
import type { StreamWait, Waiter } from './queue.ts';
import type { Refused } from './store.ts';

/** A wait shorter than this is not worth a word to the stream. */
const SHORT_WAIT = 1000;
/** Pacing that takes longer than this is worth a line in the log. */
const LONG_PACING = 10_000;

/** Tells the sender of a wait, once a wait and stream: of a spent quota always, of the pace only when it takes long. */
export const tellOfWait = (waiter: Waiter, wait: StreamWait, refused: Refused, now: number, waiting: number): void => {
  const { request, since } = waiter;
  const { sender } = request;
  const { reason, retryAt } = refused;
  if (reason === 'hold') {
    if (retryAt - now < SHORT_WAIT || now < wait.toldUntil) return;
    wait.toldUntil = retryAt;
    const until = new Date(retryAt);
    sender?.log?.info(
      `${describeRequest(request)} waits until ${until.toISOString()}: the API says its quota is spent ` +
        `(rule ${ruleOf(waiter, refused)}).`,
    );
    sender?.throttled?.(until);
    return;
  }
  // When a request under way will end is not known, only how long this one has waited for it.
  const waits = (reason === 'limit' ? retryAt : now) - since;
  if (waits <= LONG_PACING || wait.logged) return;
  wait.logged = true;
  sender?.log?.info(
    `${describeRequest(request)} waits ${Math.ceil(waits / 1000)} s for its turn in the rate budget ` +
      `(rule ${ruleOf(waiter, refused)}, ${waiting} waiting).`,
  );
};

/** The failure of a request that would have to wait for longer than anybody wants. */
export const tooLongHold = (waiter: Waiter, refused: Refused, now: number, maxWait: number): RateLimitError => {
  const { retryAt } = refused;
  const [wait, allowed] = [retryAt - now, maxWait].map((milliseconds) => Math.round(milliseconds / 1000));
  return new RateLimitError(
    `${describeRequest(waiter.request)}: the API says its quota is spent until ${new Date(retryAt).toISOString()}, ` +
      `in ${wait} s, longer than the ${allowed} s allowed (rateBudget.maxWait, rule ${ruleOf(waiter, refused)}). ` +
      `Run the sync again after that.`,
  );
};

const ruleOf = ({ claims }: Waiter, { keys }: Refused): string =>
  claims.find(({ key }) => keys.includes(key))?.rule ?? '';
