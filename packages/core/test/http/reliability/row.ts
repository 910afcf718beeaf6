import type { FailureType, HttpOptions } from '@headwater/core';
import type { ReceivedRequest } from '@headwater/testing';

/** A list of three pages with two records each: the fault strikes at one of them. */
export type PageNumber = 1 | 2 | 3;

export const PAGES: readonly PageNumber[] = [1, 2, 3];

/** The ids of the records on a page. */
export const idsOf = (page: number): readonly [number, number] => [page * 2 - 1, page * 2];

/** A server that misbehaves, and what it noticed. */
export interface Hostile extends AsyncDisposable {
  /** Base URL of the stream that is read. */
  readonly url: string;
  /** How often it met the request with the fault; left out where no server can count it. */
  readonly attempts?: () => number;
  /** How many requests a server received that must not receive any. */
  readonly heard?: () => number;
  /** What its own origin received. */
  readonly requests?: readonly ReceivedRequest[];
  /** What another origin received, which must not see a credential. */
  readonly elsewhere?: { readonly url: string; readonly requests: readonly ReceivedRequest[] };
}

/** How a stream finds its next page. */
export type Paging = 'token' | 'link' | 'offset' | 'number';

/** One line of `docs/reliability.md`, and the test that it is true. */
export interface Row {
  readonly fault: string;
  /** Starts the server; `page` is the page at which the fault is to strike. */
  readonly arrange: (page: PageNumber) => Promise<Hostile>;
  /**
   * Where the fault strikes; each is a test of its own.
   *
   * @default [2]: in the middle
   */
  readonly pages?: readonly PageNumber[];
  /** @default 'token' */
  readonly paging?: Paging;
  readonly http?: HttpOptions;
  readonly expect: Outcome;
  /** What the document says beside what `expect` says already. */
  readonly kit?: string;
  readonly user?: string;
}

export interface Outcome {
  /** `before`: those of the pages before the one the fault struck at. Else the ids, in order. */
  readonly records: 'all' | 'before' | readonly number[];
  /** How often the request with the fault is sent. */
  readonly attempts: number;
  /** Milliseconds waited between the attempts, where the API says how long. */
  readonly waits?: readonly number[];
  /** How many waits are reported to the destination as RATE_LIMITED. */
  readonly throttled?: number;
  /**
   * How the log speaks of each attempt but the last.
   *
   * @default 'warn'
   */
  readonly level?: 'info' | 'warn';
  /** A part of a warning in the log. */
  readonly warning?: string;
  /** None: the slice succeeds. */
  readonly error?: ExpectedError;
}

export interface ExpectedError {
  readonly code: `HEADWATER_${string}`;
  readonly failureType: FailureType;
  /** A part of the message, the server's address being `https://api.example.com`. */
  readonly says: string;
  /** Text that the message holds to find the place. @default the request's URL, the stream and the slice */
  readonly names?: readonly string[];
}

export interface Section {
  readonly title: string;
  readonly about: string;
  readonly rows: readonly Row[];
}
