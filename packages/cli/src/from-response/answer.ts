import type { AuthPlan } from '../plan/plan.ts';

/** One sample answer of an API, as far as a plan is made of it. No credential is in it. */
export interface Answer {
  /** What messages call it: a file, an entry of a HAR file, or a URL. */
  readonly label: string;
  /** What was asked for, without credentials; undefined where the sample does not tell. */
  readonly url: URL | undefined;
  /** A name for the stream, where there is no URL to take it from. */
  readonly name: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed; numbers that a double would round are exact. */
  readonly body: unknown;
  /** How the request was signed, where that is known. */
  readonly auth?: AuthPlan | undefined;
}

/** An answer whose URL is known or made up. */
export type PlacedAnswer = Answer & { readonly url: URL };

/** What one source gave. */
export interface Samples {
  readonly answers: readonly Answer[];
  /** What was not used, each with the reason. */
  readonly leftOut: readonly string[];
  /** The source is a browser's record: it may lack credentials. */
  readonly isHar?: boolean;
}
