import { gaps, type Gap, type Intervals } from './intervals.ts';
import type { RangePlan, RangeWindow } from './range-plan.ts';

/** How many steps the windows of one slice are long, as experience has it: 1 and its doubles. */
export class Pace {
  #steps = 1;
  #isSlow = false;

  get steps(): number {
    return this.#steps;
  }

  /** A window held little: the next ones may be longer. Those already begun at the old length do not count again. */
  sparse({ steps }: RangeWindow): void {
    if (steps === this.#steps) this.#isSlow = true;
  }

  /** A window held too much. */
  dense({ steps }: RangeWindow): void {
    if (steps !== this.#steps) return;
    this.#isSlow = false;
    this.#steps = Math.max(1, steps / 2);
  }

  /** Doubles the length when windows were sparse and `mayDouble` allows it. */
  settle(mayDouble: () => boolean): void {
    if (this.#isSlow && mayDouble()) this.#steps *= 2;
    this.#isSlow = false;
  }
}

/** What is left to read, in windows, from the oldest to the newest. Each is made when it is asked for. */
export function* windows(plan: RangePlan, progress: Intervals, pace: Pace): Generator<RangeWindow> {
  for (const [index, gap] of gaps(withPlaces(plan, progress), plan.start, plan.end).entries()) {
    const start = beginning(plan, gap, index === 0);
    const isSettled = plan.isSettled || gap.end !== plan.end;
    // All before the first gap is either read or out of range: to say so keeps the state in one piece.
    const from = index === 0 ? null : start;
    if (plan.step === undefined || start === null || gap.end === null) {
      yield { start, end: gap.end, from, isSettled, steps: 0 };
    } else {
      yield* inSteps(plan, pace, { start, end: gap.end, from, isSettled });
    }
  }
}

/** Without intervals that begin where no window may end, as in a state written with other options. */
const withPlaces = ({ floor }: RangePlan, progress: Intervals): Intervals =>
  progress.filter(({ start }) => start === null || floor(start) === start);

const beginning = (plan: RangePlan, { start }: Gap, isFirst: boolean): bigint | null => {
  if (start === null) return null;
  if (!isFirst || start === plan.start) return plan.floor(start);
  const back = plan.floor(plan.lookBack(start));
  return plan.start !== null && back < plan.start ? plan.start : back;
};

interface Stretch {
  readonly start: bigint;
  readonly end: bigint;
  readonly from: bigint | null;
  readonly isSettled: boolean;
}

function* inSteps(plan: RangePlan, pace: Pace, { start, end, from, isSettled }: Stretch): Generator<RangeWindow> {
  const after = (anchor: bigint, times: number): bigint => plan.floor(plan.step!(anchor, times));
  // Steps are counted from one anchor: added up month by month, 31 January would drift to the 28th.
  let anchor = start;
  let count = 0;
  let begin = start;
  let steps = pace.steps;
  while (begin < end) {
    pace.settle(() => {
      const next = plan.step!(begin, pace.steps);
      const longest = plan.adaptive?.maxEnd?.(begin);
      return next < end && (longest === undefined || plan.step!(begin, pace.steps * 2) <= longest);
    });
    if (pace.steps !== steps) {
      [anchor, count, steps] = [begin, 0, pace.steps];
    }
    let next: bigint;
    // A step shorter than the unit of the bounds may lead to the same place again.
    do next = after(anchor, ++count * steps);
    while (next <= begin);
    const isLast = next >= end;
    yield {
      start: begin,
      end: isLast ? end : next,
      from: begin === start ? from : begin,
      isSettled: isSettled || !isLast,
      steps,
    };
    begin = next;
  }
}
