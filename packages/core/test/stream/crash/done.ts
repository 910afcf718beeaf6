import type { AirbyteMessage } from '../../../src/protocol/types.ts';
import { keyOf, PAGE, START, STEP_DAYS, type Item, type StreamName, type World } from './world.ts';

/**
 * What the STATEs a driver has seen promise not to be read again, worked out from the records that came before them and
 * never from what the states say.
 *
 * Whatever was written before a STATE may be in the middle of its slice when that goes out; before the next one the slice
 * has had its turn. So the records before the last STATE but one count: of slices that are whole, and of pages that are
 * whole where pages are places to go on from.
 */
export class Done {
  readonly keys = new Set<string>();
  readonly #world: World;
  readonly #finished = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Takes in what one process printed. */
  add(messages: readonly AirbyteMessage[]): void {
    for (const stream of ['repositories', 'events', 'issues'] as const) {
      const bySlice = new Map<string, Item[]>();
      for (const item of this.#settled(stream, messages)) {
        const slice = this.#partOf(stream, item);
        bySlice.set(slice, [...(bySlice.get(slice) ?? []), item]);
      }
      for (const [slice, seen] of bySlice) this.#addSlice(stream, slice, seen);
    }
  }

  #settled(stream: StreamName, messages: readonly AirbyteMessage[]): Item[] {
    const byId = new Map(this.#world.items[stream].map((item) => [item.id, item]));
    const states = messages.flatMap(({ state }, index) =>
      state?.stream?.stream_descriptor.name === stream ? [index] : [],
    );
    const isOver = states.at(-2) ?? 0;
    return messages
      .slice(0, isOver)
      .flatMap(({ record }) => (record?.stream === stream ? (byId.get(String(record.data['id'])) ?? []) : []));
  }

  #addSlice(stream: StreamName, slice: string, seen: readonly Item[]): void {
    const name = `${stream}/${slice}`;
    if (this.#finished.has(name)) return;
    const goesOnAtPages = this.#goesOnAtPages(stream);
    const all = this.#world.items[stream].filter((item) => this.#partOf(stream, item) === slice);
    const known = new Set([...seen.map(({ id }) => id), ...(goesOnAtPages ? this.#idsDone(stream, all) : [])]);
    const isWhole = all.every(({ id }) => known.has(id));
    if (isWhole) this.#finished.add(name);
    const safe = isWhole ? all : goesOnAtPages ? seen.slice(0, seen.length - (seen.length % PAGE)) : [];
    // What changed at the very time that the cursor has is asked for again: more may have changed then.
    const latest = this.#isReadToTheCursor(stream) ? greatest(safe) : undefined;
    for (const { id, updated_at } of safe) if (updated_at !== latest) this.keys.add(keyOf(stream, id));
  }

  #idsDone(stream: StreamName, items: readonly Item[]): string[] {
    return items.filter(({ id }) => this.keys.has(keyOf(stream, id))).map(({ id }) => id);
  }

  #goesOnAtPages(stream: StreamName): boolean {
    const { events, issues } = this.#world;
    return stream === 'events' ? events === 'ascending' : stream === 'repositories' || issues === 'full';
  }

  #isReadToTheCursor(stream: StreamName): boolean {
    const { events, issues } = this.#world;
    return stream === 'events' ? events !== 'windows' : stream === 'issues' && issues !== 'full';
  }

  /** The slice, or the window of it, that is read at once. */
  #partOf(stream: StreamName, { slice, updated_at }: Item): string {
    if (stream !== 'events' || this.#world.events !== 'windows') return slice;
    const days = (Date.parse(updated_at) - Date.parse(START)) / 86_400_000;
    return `${slice}/${Math.floor(days / STEP_DAYS)}`;
  }
}

const greatest = (items: readonly Item[]): string | undefined =>
  items
    .map(({ updated_at }) => updated_at)
    .toSorted()
    .at(-1);
