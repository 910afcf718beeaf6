import { StateError } from '../../errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import { isAfter, isCursorValue, type CursorValue } from './compare.ts';
import type { Cursor, OpenCursor, Reading } from './cursor.ts';

/** The greatest value of the field in all records that are safely written. */
interface Greatest {
  readonly value: CursorValue;
}

/**
 * The cursor of a stream that names no more than a `cursorField`: each slice is read once, and the greatest value seen in
 * it is where the next sync begins.
 *
 * @param isAscending whether the API gives records in ascending order, so that each page is a place to go on from
 */
export const growingCursor = (field: string, isAscending: boolean): Cursor => ({
  field,
  open: ({ stream }): OpenCursor<Greatest> => ({
    parse: (json, place) => ({ value: valueIn(json, field, stream, place) }),
    toJson: ({ value }) => ({ [field]: value }),
    merge: greater,
    readings: (progress) => [new GrowingReading(field, progress, isAscending)],
    overall: { furthest: greater, earlier },
  }),
});

class GrowingReading implements Reading<Greatest> {
  readonly #field: string;
  readonly #isAscending: boolean;
  #greatest: CursorValue | undefined;
  readonly state;

  constructor(field: string, progress: Greatest | undefined, isAscending: boolean) {
    this.#field = field;
    this.#isAscending = isAscending;
    this.#greatest = progress?.value;
    this.state = progress ? { [field]: plain(progress.value) } : {};
  }

  /** A record without a value to compare does not move the cursor. */
  see(record: JsonObject): boolean {
    const value = record[this.#field];
    if (isCursorValue(value) && (this.#greatest === undefined || isAfter(value, this.#greatest))) {
      this.#greatest = value;
    }
    return true;
  }

  covered(): Greatest | undefined {
    return this.#isAscending ? this.finished() : undefined;
  }

  finished(): Greatest | undefined {
    return this.#greatest === undefined ? undefined : { value: this.#greatest };
  }
}

/** Of two ways to write the same value the one that is greater as text, so that the order of merging does not matter. */
const greater = (one: Greatest, other: Greatest): Greatest => {
  if (isAfter(one.value, other.value)) return one;
  if (isAfter(other.value, one.value)) return other;
  return rank(one.value) >= rank(other.value) ? one : other;
};

const rank = (value: CursorValue): string => `${typeof value}:${String(value)}`;

const plain = (value: CursorValue): string | number | bigint => (typeof value === 'object' ? value.value : value);

const ISO_DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

const earlier = ({ value }: Greatest, seconds: number): Greatest | undefined => {
  if (typeof value !== 'string' || !ISO_DATE_TIME.test(value)) return undefined;
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? undefined : { value: new Date(instant - seconds * 1000).toISOString() };
};

const valueIn = (json: JsonObject, field: string, stream: string, place: string): CursorValue => {
  const value = json[field];
  if (isCursorValue(value)) return value;
  throw new StateError(
    `${place} has no value for the cursor field "${field}". Give the state a sync of stream "${stream}" emitted, or ` +
      `none to read everything.`,
  );
};
