import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../src/protocol/json.ts';
import { sync } from './order/sync.ts';
import type { Event } from './order/worker.ts';
import {
  isAscending,
  MAX_SLICES,
  pausesOfAll,
  withoutFailures,
  withPauses,
  world,
  type Item,
  type Kind,
} from './order/world.ts';

const runs = { numRuns: 1000 };
const workers = fc.integer({ min: 2, max: 8 });
const SECONDS = 60_000;

test(
  'leaves the state that one worker leaves, whatever ends first and fails',
  async () => {
    let failing = 0;
    await fc.assert(
      fc.asyncProperty(world, workers, pausesOfAll, async (given, count, others) => {
        const one = await sync(given, 1);
        const many = await sync(withPauses(given, others), count);
        if (one.hasFailed) failing++;

        // More failures than can be remembered leave the state where the sync had been when it met too many slices.
        const isCutShort = given.kind === 'too many' && one.state['use_global_cursor'] !== true;
        if (!isCutShort || given.parts.length <= MAX_SLICES) expect(timeless(many.state)).toEqual(timeless(one.state));
        expect(many.ids.toSorted()).toEqual(one.ids.toSorted());
        expect(many.hasFailed).toBe(one.hasFailed);
      }),
      runs,
    );
    expect(failing).toBeGreaterThan(200);
  },
  SECONDS,
);

test(
  'reads after any state what is missing, and nothing that is finished',
  async () => {
    let [finished, missing] = [0, 0];
    await fc.assert(
      fc.asyncProperty(world, workers, workers, fc.nat(), async (given, first, second, choice) => {
        const { events } = await sync(given, first);
        const places = events.flatMap((event, place) => ('state' in event && !isOver(event.state) ? [place] : []));
        if (places.length === 0) return;
        const place = places[choice % places.length]!;
        const { state } = events[place] as { state: JsonObject };
        const seen = events.slice(0, place).flatMap((event) => ('record' in event ? [event.record] : []));
        const done = doneAt(events, place, given.kind);

        const again = await sync(withoutFailures(given), second, JSON.parse(JSON.stringify(state)) as JsonObject);
        const all = given.parts.flatMap(({ items }) => items.map(({ id }) => id));
        expect([...new Set([...seen, ...again.ids])].toSorted()).toEqual(all.toSorted());
        expect(again.ids.filter((id) => done.has(id))).toEqual([]);
        finished += done.size;
        missing += all.length - new Set(seen).size;
      }),
      runs,
    );
    expect(finished).toBeGreaterThan(2000);
    expect(missing).toBeGreaterThan(2000);
  },
  SECONDS,
);

/** How long a sync took is not for the order to say. */
const timeless = ({ lookback_window: _seconds, ...state }: JsonObject): JsonObject => state;

const isOver = (state: JsonObject): boolean => state['__ab_no_cursor_state_message'] === true;

/** What is finished when a STATE goes out, by what the engine had been back for in an earlier turn of the event loop. */
const doneAt = (events: readonly Event[], place: number, kind: Kind): ReadonlySet<string> => {
  const { turn } = events[place]!;
  const done = new Set<string>();
  // With one position for all nothing is promised before the sync is over.
  if (kind === 'too many') return done;
  for (const event of events.slice(0, place)) {
    if (!('taken' in event) || event.turn >= turn) continue;
    if (!event.isWhole && kind !== 'full' && !isAscending(kind)) continue;
    // A window is over with its last record; else what has the very time of the cursor is asked for again.
    const isClosed = kind === 'full' || (event.isWhole && kind.endsWith('windows'));
    const latest = isClosed ? undefined : latestOf(event.taken);
    for (const { id, at } of event.taken) if (at !== latest) done.add(id);
  }
  return done;
};

const latestOf = (items: readonly Item[]): string | undefined =>
  items
    .map(({ at }) => at)
    .toSorted()
    .at(-1);
