import { isUtf8 } from 'node:buffer';
import { BodyError, messageOf, RecordsPathError } from '../errors.ts';
import { describeRequest } from '../http/describe.ts';
import { charsetOf, mediaTypeOf } from '../http/media-type.ts';
import type { HttpHeaders, WireResponse } from '../http/types.ts';
import { JsonPage, type PageRecords } from '../parse/json-page.ts';
import type { RecordMatcher } from '../parse/record-matcher.ts';
import type { RecordsPath } from '../parse/records-path.ts';
import type { RecordsQuery } from '../parse/records-query.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Page } from './page.ts';
import type { PageContext } from './page-context.ts';

/** An answer as hooks see it, together with the context of its page. */
export interface HttpResponse<B = unknown, C extends JsonObject = JsonObject> extends PageContext<C> {
  readonly status: number;
  /** Names in lower case; a header sent several times is joined with `, `. */
  readonly headers: HttpHeaders;
  /** Where the answer came from, after redirects. */
  readonly url: string;
  /**
   * The decoded body: JSON where the API says JSON or the text looks like it, else the text. Decoded once, when first
   * asked for, and shared by all hooks. Numbers that a double would round are `bigint` or `LosslessNumber`.
   *
   * Reading it throws `BodyError` when the JSON is malformed; within a hook that leads to another attempt.
   */
  readonly body: B;
  /** The body as text, decoded by the character set the API names, else as UTF-8. */
  readonly text: () => string;
  /** The body as it came, decompressed. */
  readonly bytes: () => Uint8Array;
  /** Which page of the slice it is, from 0. */
  readonly pageIndex: number;
  /** How many records the page gave, for `nextPageToken`; 0 for the hooks called before the records are taken out. */
  readonly recordCount: number;
  /** The last of these records; undefined where there is none. Looking at it parses the records of the page. */
  readonly lastRecord: unknown;
}

const UTF8 = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/** One page's answer for all hooks of a stream: nothing in it is decoded twice. */
export class PageResponse<C extends JsonObject> implements HttpResponse<unknown, C> {
  readonly slice;
  readonly parent;
  readonly state;
  readonly window;
  readonly config;
  readonly nextPageToken;
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly url: string;
  readonly pageIndex: number;
  readonly #wire: WireResponse;
  #page: Page | undefined;
  #json: JsonPage | undefined;
  #text: string | undefined;

  constructor(
    wire: WireResponse,
    { slice, parent, state, window, config, nextPageToken }: PageContext<C>,
    pageIndex = 0,
  ) {
    this.slice = slice;
    this.parent = parent;
    this.state = state;
    this.window = window;
    this.config = config;
    this.nextPageToken = nextPageToken;
    this.status = wire.status;
    this.headers = wire.headers;
    this.url = wire.url;
    this.pageIndex = pageIndex;
    this.#wire = wire;
  }

  get recordCount(): number {
    return this.#page?.count ?? 0;
  }

  get lastRecord(): unknown {
    return this.#page?.values.at(-1);
  }

  /** The same answer for the hooks that come after the records have been taken out of it. */
  read(page: Page): this {
    this.#page = page;
    return this;
  }

  get body(): unknown {
    return this.#looksLikeJson() ? this.#decoding((json) => json.document) : this.text();
  }

  /** The records at `path`, with the bytes they came in. */
  records(path: RecordsPath | RecordsQuery, matcher?: RecordMatcher): PageRecords {
    // No Content and Reset Content have no body by definition (RFC 9110, sections 15.3.5 and 15.3.6).
    if (this.status === 204 || this.status === 205) return { values: [] };
    return this.#decoding((json) => json.records(path, matcher));
  }

  // Fields, so that `({ text }) => text()` works.
  readonly bytes = (): Uint8Array => this.#wire.bytes;
  readonly text = (): string => (this.#text ??= decodeText(this.#wire));
  /** For paginators. */
  readonly warn = (message: string): void => {
    const { request } = this.#wire;
    request.sender?.log?.warn(`${describeRequest(request)}: ${message}`);
  };

  #looksLikeJson(): boolean {
    const type = mediaTypeOf(this.#wire);
    if (type.endsWith('json')) return true;
    if (type !== '' && !type.startsWith('text/plain')) return false;
    return /^\s*[[{]/.test(Buffer.from(this.#wire.bytes.subarray(0, 64)).toString('latin1'));
  }

  #decoding<T>(read: (json: JsonPage) => T): T {
    try {
      return read((this.#json ??= new JsonPage(utf8Bytes(this.#wire))));
    } catch (cause) {
      const place = describeRequest(this.#wire.request);
      if (cause instanceof RecordsPathError) throw new RecordsPathError(`${place}: ${cause.message}`, { cause });
      if (!(cause instanceof SyntaxError)) throw cause;
      throw new BodyError(`${place} was answered with a body that is not valid JSON: ${messageOf(cause)}`, { cause });
    }
  }
}

const decodeText = (wire: WireResponse): string => {
  const charset = charsetOf(wire) ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(wire.bytes);
  } catch (cause) {
    throw new BodyError(`${describeRequest(wire.request)} was answered in the unknown charset "${charset}".`, {
      cause,
    });
  }
};

/** The body as UTF-8 without a byte order mark: a record's bytes may only go out as they are when they are UTF-8. */
const utf8Bytes = (wire: WireResponse): Uint8Array => {
  const charset = charsetOf(wire);
  if (charset !== undefined && !UTF8.has(charset)) return Buffer.from(decodeText(wire));
  const { bytes } = wire;
  if (!isUtf8(bytes)) {
    const place = describeRequest(wire.request);
    wire.request.sender?.log?.warn(`${place} was answered with bytes that are not UTF-8; each became U+FFFD.`);
    return Buffer.from(decodeText(wire));
  }
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
};
