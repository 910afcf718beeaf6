import { CommandError } from '../command-error.ts';
import { isJsonObject } from '../types/read-document.ts';
import { supportsIncremental, type DiscoveredStream } from './choose-streams.ts';

/** The state file of a read that begins at a certain point: the form in which one sync leaves it to the next. */
export type StateFile = readonly {
  readonly type: 'STREAM';
  readonly stream: {
    readonly stream_descriptor: { readonly name: string; readonly namespace?: string };
    readonly stream_state: { readonly [cursor: string]: string | number };
  };
}[];

/**
 * The state as if every stream with a cursor had been read up to a moment; streams without one are not in it.
 *
 * @param since a date, a time in ISO 8601, or a number
 * @throws CommandError when a cursor cannot have such a value
 */
export const stateSince = (streams: readonly DiscoveredStream[], since: string): StateFile =>
  streams.flatMap((stream) => {
    const path = stream.default_cursor_field ?? [];
    if (!supportsIncremental(stream) || path.length === 0) return [];
    const { name, namespace } = stream;
    return {
      type: 'STREAM' as const,
      stream: {
        stream_descriptor: { name, ...(namespace !== undefined && { namespace }) },
        stream_state: { [path.join('.')]: valueFor(stream, path, since) },
      },
    };
  });

const valueFor = (stream: DiscoveredStream, path: readonly string[], since: string): string | number => {
  const { type, format } = schemaAt(stream.json_schema, path);
  const types = [type].flat();
  const place = `--since ${since}: the cursor "${path.join('.')}" of stream "${stream.name}"`;
  const isNumber = types.includes('integer') || types.includes('number');
  if (/^-?\d+(\.\d+)?$/.test(since) && (isNumber || !/^\d{4}$/.test(since))) return isNumber ? Number(since) : since;
  if (isNumber && !types.includes('string')) {
    const at = Date.parse(since);
    const how = Number.isNaN(at)
      ? ''
      : `, e.g. --since ${at / 1000} if it counts seconds, --since ${at} if milliseconds`;
    throw new CommandError(`${place} is a number. Give it as one${how}.`);
  }
  const isDate = /^\d{4}(-\d\d(-\d\d)?)?$/.test(since);
  const at = isDate || /^\d{4}-\d\d-\d\dT/.test(since) ? Date.parse(since) : Number.NaN;
  if (Number.isNaN(at)) {
    // A token or a name: only its connector knows what comes after it.
    if (format === undefined) return since;
    throw new CommandError(`${place} is a time. Give a date as 2026-01-31 or a time as 2026-01-31T09:00:00Z.`);
  }
  if (format === 'date') return new Date(at).toISOString().slice(0, 10);
  // Seconds are what most APIs write, and what a pattern for times in a spec expects.
  return isDate ? new Date(at).toISOString().replace('.000Z', 'Z') : since;
};

const schemaAt = (schema: unknown, path: readonly string[]): { readonly type?: unknown; readonly format?: unknown } => {
  let place = schema;
  for (const name of path) {
    const properties = isJsonObject(place) ? place['properties'] : undefined;
    place = isJsonObject(properties) ? properties[name] : undefined;
  }
  return isJsonObject(place) ? place : {};
};
