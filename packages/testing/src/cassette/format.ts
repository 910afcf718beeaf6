import type { HttpHeaders } from '@headwater/core';

/** What a request or an answer says: a JSON value, a text, or bytes that are neither; none of them for nothing. */
export interface Content {
  readonly json?: unknown;
  readonly text?: string;
  /** In base64. */
  readonly bytes?: string;
  /** Why the content is not here. */
  readonly omitted?: string;
}

export interface RecordedRequest extends Content {
  readonly method: string;
  readonly url: string;
  readonly headers?: HttpHeaders;
}

export interface RecordedResponse extends Content {
  readonly status: number;
  /** Where it came from, if not from the URL of the request. */
  readonly url?: string;
  readonly headers?: HttpHeaders;
  /** Names and replaced values of the cookies it set. */
  readonly cookies?: readonly string[];
}

/** One request as it went over the wire, and its answer. */
export interface Interaction {
  readonly request: RecordedRequest;
  readonly response: RecordedResponse;
}

/** The document of one file. */
export interface Cassette {
  /** The version of this format. */
  readonly cassette: 1;
  /** The stream that asked; not there for requests of no stream. */
  readonly stream?: string;
  /** False until the recording has come to its end: the file was written by a process that was stopped. */
  readonly complete: boolean;
  /** Why not everything was recorded. */
  readonly cut?: string;
  /** Names of the fields that were chosen to be replaced. */
  readonly redacted?: readonly string[];
  /** Names of what a replayed request may differ in. */
  readonly ignored?: readonly string[];
  /** How many values have been replaced, so that the next recording takes new ones. */
  readonly replaced?: number;
  readonly interactions: readonly Interaction[];
}

/** The file of a stream in the folder of cassettes; without a stream, that of all other requests. */
export const fileNameOf = (stream: string | undefined): string => {
  if (stream === undefined) return 'connection.json';
  const name = stream.replace(/[^\w.-]|^\./g, (sign) => encodeURIComponent(sign).replace(/^[^%]/, hexOf));
  return name.toLowerCase() === 'connection'
    ? `%${name.charCodeAt(0).toString(16)}${name.slice(1)}.json`
    : `${name}.json`;
};

const hexOf = (sign: string): string => `%${sign.charCodeAt(0).toString(16)}`;
