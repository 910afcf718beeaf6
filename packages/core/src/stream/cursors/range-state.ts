import { StateError } from '../../errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/json.ts';
import { contiguousEnd, interval, NOTHING, union, type Intervals } from './intervals.ts';
import type { RangePlan } from './range-plan.ts';
import { shown } from './range-reading.ts';

/** The member of a state that holds what other kits have no place for. */
const MEMBER = 'headwater';
const VERSION = 1;

/**
 * `{ updated_at: low }`: everything before `low` is read. What is read beyond that, past something that is not, stands
 * beside it: `headwater: { version: 1, done: [[start, end], …] }`.
 */
export const stateOf = (plan: RangePlan, progress: Intervals): JsonObject => {
  const low = contiguousEnd(progress);
  const done = progress.flatMap(({ start, end }) =>
    start === null ? [] : [[plan.formatExactly(start), plan.formatExactly(end)]],
  );
  return {
    ...(low === undefined ? {} : { [plan.key]: plan.format(low) }),
    ...(done.length === 0 ? {} : { [MEMBER]: { version: VERSION, done } }),
  };
};

/**
 * Reads what `stateOf` wrote, and the intervals of Airbyte's concurrent cursors.
 *
 * @returns undefined for an empty state
 * @throws StateError
 */
export const parseState = (plan: RangePlan, json: JsonObject, place: string): Intervals | undefined => {
  if (Object.keys(json).length === 0) return undefined;
  if (json['state_type'] === 'date-range') return airbyteSlices(plan, json['slices'], place);
  const low = json[plan.key];
  if (low === undefined && json[MEMBER] === undefined) {
    throw new StateError(`${place} has no value for the cursor field "${plan.key}". ${REMEDY}`);
  }
  const beginning = low === undefined ? NOTHING : interval(null, valueOf(plan, low, `${place}, member "${plan.key}"`));
  return json[MEMBER] === undefined ? beginning : union(beginning, furtherDone(plan, json[MEMBER], place));
};

const furtherDone = (plan: RangePlan, member: JsonValue, place: string): Intervals => {
  const at = `${place}, member "${MEMBER}"`;
  const version = isJsonObject(member) ? member['version'] : undefined;
  if (!isJsonObject(member) || version !== VERSION) {
    throw new StateError(
      `${at} has version ${shown(version)}, and this release knows only ${VERSION}. ` +
        `Use the release that wrote it, or remove the member to read again what it says is done.`,
    );
  }
  if (!Array.isArray(member['done'])) throw new StateError(`${at} has no list "done". ${REMEDY}`);
  return member['done'].reduce<Intervals>((all, pair: unknown, index) => {
    const here = `${at}, done[${index}]`;
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw new StateError(`${here} is ${shown(pair)}, not a pair of a start and an end. ${REMEDY}`);
    }
    return union(all, interval(valueOf(plan, pair[0], here), valueOf(plan, pair[1], here)));
  }, NOTHING);
};

/** Their ends belong to the slices, so that the next one begins a granularity later. The first has all before it. */
const airbyteSlices = (plan: RangePlan, slices: JsonValue, place: string): Intervals => {
  if (!Array.isArray(slices)) throw new StateError(`${place} has no list "slices". ${REMEDY}`);
  const ranges = slices.map((slice: unknown, index) => {
    const here = `${place}, slices[${index}]`;
    if (!isJsonObject(slice)) throw new StateError(`${here} is ${shown(slice)}, not an object. ${REMEDY}`);
    const recent = slice['most_recent_cursor_value'];
    return {
      start: valueOf(plan, slice['start'], `${here}.start`),
      end: valueOf(plan, slice['end'], `${here}.end`),
      recent: recent == null ? undefined : valueOf(plan, recent, `${here}.most_recent_cursor_value`),
    };
  });
  const sorted = ranges.toSorted((a, b) => (a.start === b.start ? 0 : a.start < b.start ? -1 : 1));
  return sorted.reduce<Intervals>((all, { start, end, recent }, index) => {
    const isLast = index === sorted.length - 1;
    // The last slice ended with the present of that sync: records that came later may be older than that.
    const to = isLast ? (recent !== undefined && recent < end ? recent : end) : end + (plan.granularity ?? 0n);
    return union(all, interval(index === 0 ? null : start, to));
  }, NOTHING);
};

const valueOf = (plan: RangePlan, value: JsonValue, place: string): bigint => {
  const at = plan.parse(value);
  if (at !== undefined) return at;
  throw new StateError(`${place} is ${shown(value)}, not ${plan.expected}. ${REMEDY}`);
};

const REMEDY = 'Give the state a sync of this stream emitted, or none to read everything.';
