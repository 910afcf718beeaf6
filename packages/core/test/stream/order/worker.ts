import type { JsonObject } from '../../../src/protocol/json.ts';
import { byParent } from '../../../src/stream/by-parent.ts';
import { Page } from '../../../src/stream/page.ts';
import type { ChildSlice, Slice } from '../../../src/stream/slice.ts';
import { Stream, type SliceContext, type StreamContext } from '../../../src/stream/stream.ts';
import type { Turns } from './pause.ts';
import { cursorOfKind, isAscending, isInWindow, MAX_SLICES, type Item, type World } from './world.ts';

/** What happened, and in which turn of the event loop. */
export type Event = { readonly turn: number } & (
  | { readonly record: string }
  | { readonly state: JsonObject }
  /** These have been taken by the engine, and nothing of their kind is left before them: it has been back for more. */
  | { readonly taken: readonly Item[]; readonly isWhole: boolean; readonly part: number }
);

const schema = { type: 'object', properties: { id: { type: 'string' }, at: { type: 'string' } } };

/** Reads a world, in pages, at the pace the world says. */
export class Worker extends Stream {
  override readonly name: string = 'worker';
  override readonly schema = schema;
  override readonly concurrency: number;
  readonly #world: World;
  readonly #turns: Turns;
  readonly #events: Event[];
  readonly #steps: number[];

  constructor(world: World, concurrency: number, turns: Turns, events: Event[]) {
    super();
    this.#world = world;
    this.#turns = turns;
    this.#events = events;
    this.#steps = world.parts.map(() => 0);
    this.concurrency = concurrency;
    const { kind } = world;
    const cursor = cursorOfKind(kind);
    if (cursor) Object.assign(this, { cursor });
    else if (kind !== 'full') Object.assign(this, { cursorField: 'at' });
    if (kind === 'too many') Object.assign(this, { maxSlices: MAX_SLICES });
    if (kind === 'ascending') Object.assign(this, { checkpointEvery: 1 });
  }

  override async *slices(context: StreamContext): AsyncIterable<Slice | ChildSlice> {
    if (this.#world.kind === 'children') {
      yield* byParent({ stream: new Parents(this.#world), as: 'part', incremental: true }, context);
      return;
    }
    for (const index of this.#world.parts.keys()) {
      await this.#pause(index);
      yield { part: index };
    }
  }

  async *read({ slice, state, window, resumption }: SliceContext): AsyncIterable<Page> {
    const { kind, pageSize, parts } = this.#world;
    const part = Number(slice['part']);
    const { items, failure } = parts[part]!;
    const since = state['at'];
    const found = items.filter(({ at }) => (since === undefined || at >= String(since)) && isInWindow(at, window));
    if (isAscending(kind)) found.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    const failsHere = failure && isInWindow(failure.time, window);
    const first = resumption?.index ?? 0;
    for (let index = first; index === first || index * pageSize < found.length; index++) {
      await this.#pause(part);
      if (failsHere && index >= failure.pages) throw new Error(`part ${part} fails at page ${index}`);
      const records = found.slice(index * pageSize, (index + 1) * pageSize);
      const isFollowed = (index + 1) * pageSize < found.length;
      yield new Page(
        records.map((item): JsonObject => ({ ...item })),
        isFollowed ? { resumption: { token: index + 1, index: index + 1 } } : {},
      );
      this.#events.push({ turn: this.#turns.count, part, taken: records, isWhole: false });
    }
    this.#events.push({ turn: this.#turns.count, part, taken: found, isWhole: true });
  }

  #pause(part: number): Promise<void> {
    const { pauses } = this.#world.parts[part]!;
    return this.#turns.pause(pauses[this.#steps[part]!++ % pauses.length]!);
  }
}

/** The parts as records of a stream, each changed when its latest item was. */
class Parents extends Stream {
  override readonly name = 'parents';
  override readonly cursorField = 'at';
  readonly #world: World;

  constructor(world: World) {
    super();
    this.#world = world;
  }

  override slices() {
    return [{ half: 0 }, { half: 1 }];
  }

  async *read({ slice, state }: SliceContext): AsyncIterable<JsonObject> {
    for (const [id, { items }] of this.#world.parts.entries()) {
      const at =
        items
          .map((item) => item.at)
          .toSorted()
          .at(-1) ?? '2024-01-01T00:00:00Z';
      const since = state['at'];
      if (id % 2 === slice['half'] && (since === undefined || at >= String(since))) yield { id, at };
    }
  }
}
