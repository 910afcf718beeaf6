import type { JsonObject } from '../../protocol/json.ts';
import type { OpenCursor, OverallCursor, Reading } from './cursor.ts';
import { contiguousEnd, interval, NOTHING, union, type Intervals } from './intervals.ts';
import type { RangePlan } from './range-plan.ts';
import { RangeReading, shown, type RangeRun } from './range-reading.ts';
import { parseState, stateOf } from './range-state.ts';
import { Pace, windows } from './range-windows.ts';

/** The one engine of cursors over times and over counts: progress is the set of values that have been read. */
export const openRange = (plan: RangePlan): OpenCursor<Intervals> => {
  const run: RangeRun = { plan, warnMissing: once((value) => plan.log.warn(missingMessage(plan, value))) };
  return {
    parse: (json: JsonObject, place) => parseState(plan, json, place),
    toJson: (progress) => stateOf(plan, progress),
    merge: union,
    *readings(progress = NOTHING): Generator<Reading<Intervals>> {
      // Slices may be as different as night and day, so each finds its own pace.
      const pace = new Pace();
      const hasProgress = progress.length > 0;
      for (const window of windows(plan, progress, pace)) yield new RangeReading(run, pace, window, hasProgress);
    },
    isBounded: plan.start !== null,
    isCut: plan.step !== undefined,
    overall: overall(plan),
  };
};

const overall = ({ second }: RangePlan): OverallCursor<Intervals> => ({
  // What is done beyond the first gap is so for one slice only.
  furthest(one, other) {
    const [low, otherLow] = [contiguousEnd(one), contiguousEnd(other)];
    const end = low === undefined || (otherLow !== undefined && otherLow > low) ? otherLow : low;
    return end === undefined ? NOTHING : interval(null, end);
  },
  earlier(progress, seconds) {
    const low = contiguousEnd(progress);
    if (second === undefined || low === undefined) return undefined;
    return interval(null, low - BigInt(Math.ceil(seconds)) * second);
  },
});

const missingMessage = ({ stream, key, expected }: RangePlan, value: unknown): string =>
  `Stream "${stream}": a record has ${shown(value)} in the cursor field "${key}", not ${expected}. ` +
  `Such records are read, but do not move the cursor. This is said once a sync.`;

const once = <T>(act: (value: T) => void): ((value: T) => void) => {
  let isDone = false;
  return (value) => {
    if (isDone) return;
    isDone = true;
    act(value);
  };
};
