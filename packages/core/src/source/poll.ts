import { ConnectorError } from '../errors.ts';
import { realClock } from '../http/clock.ts';
import type { Stream } from '../stream/stream.ts';

/**
 * Calls `read` once, or as often as the `pollInterval` of the stream says.
 *
 * @throws what `read` throws, at once; the signal's reason when it aborts while the next turn is waited for
 */
export const poll = async (
  { name, pollInterval }: Pick<Stream, 'name' | 'pollInterval'>,
  signal: AbortSignal,
  read: () => Promise<void>,
): Promise<void> => {
  if (pollInterval === undefined) return read();
  const options = typeof pollInterval === 'number' ? { every: pollInterval } : pollInterval;
  const { every, times = Infinity, duration = Infinity } = options;
  for (const [option, value] of Object.entries({ every, times, duration })) {
    if (value > 0) continue;
    throw new ConnectorError(`pollInterval of stream "${name}": ${option} is ${value}. Give a number above 0.`);
  }
  const began = performance.now();
  for (let turn = 1; ; turn++) {
    const started = performance.now();
    await read();
    const next = Math.max(performance.now(), started + every);
    if (turn >= times || next - began >= duration) return;
    await realClock.sleep(next - performance.now(), signal);
  }
};
