import { ConnectorError } from '../../errors.ts';
import { excerpt } from '../../output/redact.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/json.ts';
import type { Reading, SliceState, Window } from './cursor.ts';
import { interval, type Intervals } from './intervals.ts';
import type { RangePlan, RangeWindow } from './range-plan.ts';
import type { Pace } from './range-windows.ts';

/** What all readings of a sync share. */
export interface RangeRun {
  readonly plan: RangePlan;
  /** Tells once a sync that records have no value to compare. */
  warnMissing(value: JsonValue): void;
}

/** Reads one window. */
export class RangeReading implements Reading<Intervals> {
  readonly state: SliceState;
  readonly window: Window;
  readonly #run: RangeRun;
  readonly #pace: Pace;
  readonly #window: RangeWindow;
  readonly #hasProgress: boolean;
  /** The field's name, when it stands at the top of a record. */
  readonly #name: string | undefined;
  readonly #isAfter: ((value: JsonValue, top: JsonValue) => boolean | undefined) | undefined;
  /** The greatest value as it came. */
  #top: JsonValue;
  /** The same, once it had to be read. */
  #greatest: bigint | undefined;
  #count = 0;
  #isPast = false;

  constructor(run: RangeRun, pace: Pace, window: RangeWindow, hasProgress: boolean) {
    const { plan } = run;
    this.#run = run;
    this.#pace = pace;
    this.#window = window;
    this.#hasProgress = hasProgress;
    this.#name = plan.path.length === 1 ? plan.path[0] : undefined;
    // Where a record may be left out, each value counts.
    this.#isAfter = plan.missing === 'emit' && !plan.clientSide ? plan.isAfter : undefined;
    const { start, end, isSettled } = window;
    this.state = hasProgress && start !== null ? { [plan.key]: plan.format(start) } : {};
    this.window = {
      ...(start === null ? {} : { start: plan.format(start) }),
      ...(end === null || (plan.isEndOpen && !isSettled) ? {} : { end: plan.windowEnd(start, end, isSettled) }),
    };
  }

  see(record: JsonObject): boolean {
    this.#count++;
    const value = this.#name === undefined ? valueAt(record, this.#run.plan.path) : record[this.#name];
    if (this.#top !== undefined && this.#isAfter) {
      const isAfter = this.#isAfter(value, this.#top);
      if (isAfter) this.#rise(value);
      if (isAfter !== undefined) return true;
    }
    const { plan } = this.#run;
    const at = plan.parse(value);
    if (at === undefined) return this.#seeMissing(value);
    const greatest = this.#readGreatest();
    if (greatest === undefined || at > greatest) this.#rise(value, at);
    return !plan.clientSide || this.#isWithin(at);
  }

  /** Whether a page of a feed, newest first, has come to what the last sync has read. */
  get isPast(): boolean {
    return this.#isPast;
  }

  get isTooLarge(): boolean {
    const { adaptive } = this.#run.plan;
    return adaptive !== undefined && this.#count > adaptive.maxRecords && this.#middle() !== undefined;
  }

  split(): readonly RangeReading[] | undefined {
    const middle = this.#middle();
    if (middle === undefined) return undefined;
    this.#pace.dense(this.#window);
    return [
      this.#part({ ...this.#window, end: middle, isSettled: true, steps: 0 }),
      this.#part({ ...this.#window, start: middle, from: middle, steps: 0 }),
    ];
  }

  covered(): Intervals | undefined {
    return this.#run.plan.ascending ? this.#upToGreatest() : undefined;
  }

  finished(): Intervals | undefined {
    const { adaptive } = this.#run.plan;
    if (adaptive && this.#count * 4 < adaptive.maxRecords) this.#pace.sparse(this.#window);
    const { from, end, isSettled } = this.#window;
    return isSettled && end !== null ? interval(from, end) : this.#upToGreatest();
  }

  #rise(value: JsonValue, at?: bigint): void {
    this.#top = value;
    this.#greatest = at;
  }

  #readGreatest(): bigint | undefined {
    if (this.#top !== undefined) this.#greatest ??= this.#run.plan.parse(this.#top);
    return this.#greatest;
  }

  #part(window: RangeWindow): RangeReading {
    return new RangeReading(this.#run, this.#pace, window, this.#hasProgress);
  }

  #upToGreatest(): Intervals | undefined {
    const { start, end, from } = this.#window;
    const greatest = this.#readGreatest();
    if (greatest === undefined) return undefined;
    // What the API gave though it was not asked for says nothing about what it was asked for.
    if (start !== null && greatest < start) return undefined;
    const covered = interval(from, end !== null && greatest > end ? end : greatest);
    return covered.length > 0 ? covered : undefined;
  }

  /** Where to cut it, leaving two parts that are each worth a reading. */
  #middle(): bigint | undefined {
    const { adaptive, floor } = this.#run.plan;
    const { start, end } = this.#window;
    if (!adaptive || start === null || end === null) return undefined;
    const half = (end - start) / 2n;
    const middle = floor(start + half - (half % adaptive.minStep));
    return middle - start >= adaptive.minStep && end - middle >= adaptive.minStep ? middle : undefined;
  }

  #isWithin(at: bigint): boolean {
    const { start, end, isSettled } = this.#window;
    if (start !== null && at < start) {
      this.#isPast = this.#run.plan.dataFeed;
      return false;
    }
    // Later ones belong to the next window, or to the next sync if what is new is not to be read yet.
    return !isSettled || end === null || at < end;
  }

  #seeMissing(value: JsonValue): boolean {
    const { plan } = this.#run;
    if (plan.missing === 'fail') {
      throw new ConnectorError(
        `Stream "${plan.stream}": a record has ${shown(value)} in the cursor field "${plan.key}", not ${plan.expected}. ` +
          `Correct the cursor's field or formats, or set its "missing" to "emit" or "drop".`,
      );
    }
    if (plan.missing === 'emit') this.#run.warnMissing(value);
    return plan.missing === 'emit';
  }
}

const valueAt = (record: JsonObject, path: readonly string[]): JsonValue => {
  let value: JsonValue = record;
  for (const name of path) {
    if (!isJsonObject(value)) return undefined;
    value = value[name];
  }
  return value;
};

/** A value in a message, cut short. */
export const shown = (value: JsonValue): string => {
  if (value === undefined) return 'nothing';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  const text = typeof value === 'bigint' ? String(value) : JSON.stringify(value);
  return excerpt(text, 60);
};
