import type { JsonObject } from '../protocol/json.ts';
import { byParent, type Parent } from './by-parent.ts';
import type { ChildSlice } from './slice.ts';
import { HttpStream } from './http-stream.ts';
import { Stream, type StreamContext } from './stream.ts';

/**
 * An `HttpStream` that is read once for each record of another stream: the issues of each repository.
 *
 * The slice is the parent's key, and for a parent that is itself a child the keys of all above it.
 *
 * @example
 * class Issues extends HttpSubStream {
 *   override readonly parent = new Repositories({ config: this.config });
 *   override readonly parentKey = 'name';
 *   override readonly urlBase = 'https://api.example.com';
 *   override readonly recordsPath = '$[*]';
 *   path({ slice }: PageContext) { return `repos/${slice['repositories_name']}/issues`; }
 * }
 */
export abstract class HttpSubStream<
  R extends JsonObject = JsonObject,
  C extends JsonObject = JsonObject,
> extends HttpStream<R, C> {
  // You must say this.

  /**
   * The stream whose records are the slices of this one, or several such streams. As a `Parent` it can say more: what the
   * key is called, which other fields the hooks see, and whether only changed parents are read.
   */
  abstract readonly parent: Stream | Parent | readonly (Stream | Parent)[];

  // You may change this.

  /**
   * The field of the parent's records that goes into the slice, for a parent that does not say `key` itself.
   *
   * @default 'id'
   */
  readonly parentKey: string = 'id';

  /** One slice for each record of the parent; of several parents, one after another. */
  override async *slices(context: StreamContext<C>): AsyncIterable<ChildSlice> {
    for (const parent of this.parents()) yield* byParent(parent, context);
  }

  /** The parents, each with all it says. */
  parents(): readonly Parent[] {
    const given = Array.isArray(this.parent) ? (this.parent as readonly (Stream | Parent)[]) : [this.parent];
    return (given as readonly (Stream | Parent)[]).map((each) =>
      each instanceof Stream ? { stream: each, key: this.parentKey } : { key: this.parentKey, ...each },
    );
  }
}
