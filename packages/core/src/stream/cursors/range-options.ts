import { ConnectorError } from '../../errors.ts';
import { stringifyJson } from '../../protocol/lossless-json.ts';
import type { MissingRule } from './range-plan.ts';

/** What cursors over times and over counts have in common. */
export interface RangeOptions {
  /**
   * The record's field, as it is called: dots in it mean nothing. A list is the path to a nested field, whose names the
   * state joins with dots.
   */
  readonly field: string | readonly string[];
  /**
   * What happens to a record without a value in the field, or with one that cannot be read: it is emitted, with one
   * warning a sync; it is left out; or it fails the slice.
   *
   * @default 'emit'
   */
  readonly missing?: MissingRule;
  /**
   * Leave out records before the window's start: for an API that cannot filter.
   *
   * @default false
   */
  readonly clientSide?: boolean;
  /**
   * The API gives the newest first: a page that holds a record before the window's start is the last one to ask for.
   * Implies `clientSide`; excludes `step`.
   *
   * @default false
   */
  readonly dataFeed?: boolean;
  /**
   * The API gives the records in ascending order of the field, so that a read that breaks off can be continued after
   * the last page that was written. Wrongly set, it loses records.
   *
   * @default false
   */
  readonly ascending?: boolean;
}

/** The windows' length follows the data; `L` is a length. */
export interface AdaptiveOptions<L> {
  /** A window with more records, or one that times out, is read again in two halves. Sparse windows become longer. */
  readonly maxRecords: number;
  /** No window becomes shorter by being cut. */
  readonly minStep?: L;
  /**
   * Windows with fewer than a quarter of `maxRecords` make the later ones twice as long, up to this.
   *
   * @default the whole rest
   */
  readonly maxStep?: L;
}

/** The common options with their defaults. */
export const commonPlan = (kind: string, options: RangeOptions) => {
  const { field, missing = 'emit', clientSide = false, dataFeed = false, ascending = false } = options;
  const path = typeof field === 'string' ? [field] : field;
  if (path.length === 0 || path.includes('')) throw wrong(kind, 'field', field, 'Name a field of the records.');
  if (!MISSING.includes(missing)) throw wrong(kind, 'missing', missing, `Choose one of ${MISSING.join(', ')}.`);
  return { key: path.join('.'), path, missing, clientSide: clientSide || dataFeed, dataFeed, ascending };
};

/** @throws ConnectorError for options that exclude or need one another */
export const checkSteps = (
  kind: string,
  options: {
    readonly step?: unknown;
    readonly start?: unknown;
    readonly dataFeed?: boolean;
    readonly adaptive?: AdaptiveOptions<unknown>;
  },
): void => {
  const { step, start, dataFeed = false, adaptive } = options;
  if (step !== undefined && start === undefined) {
    throw wrong(kind, 'step', step, 'Windows need a place to begin: give start as well.');
  }
  if (step !== undefined && dataFeed) {
    throw wrong(kind, 'step', step, 'A data feed is read in one window: leave out step or dataFeed.');
  }
  if (!adaptive) return;
  if (step === undefined) throw wrong(kind, 'adaptive', adaptive, 'Give step, the length to begin with, as well.');
  if (!Number.isSafeInteger(adaptive.maxRecords) || adaptive.maxRecords < 1) {
    throw wrong(kind, 'adaptive.maxRecords', adaptive.maxRecords, 'Give a whole number of records, at least 1.');
  }
};

/** An option that cannot be worked with. */
export const wrong = (kind: string, option: string, value: unknown, remedy: string): ConnectorError =>
  new ConnectorError(`${kind}.${option}: ${said(value)} does not work. ${remedy}`);

const said = (value: unknown): string =>
  typeof value === 'number' || value === undefined ? String(value) : stringifyJson(value);

const MISSING: readonly MissingRule[] = ['emit', 'drop', 'fail'];
