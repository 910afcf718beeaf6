import { BodyError, messageOf } from '../errors.ts';
import { describeRequest } from '../http/describe.ts';
import { charsetOf } from '../http/media-type.ts';
import type { HttpHeaders, WireResponse } from '../http/types.ts';
import { markedCharset } from '../parse/decode-text.ts';
import { JsonPage } from '../parse/json-page.ts';

/** The whole answer to a request of a connection. */
export class CallResponse {
  readonly status: number;
  /** Names in lower case; a header sent several times is joined with `, `. */
  readonly headers: HttpHeaders;
  /** Where the answer came from, after redirects. */
  readonly url: string;
  readonly #wire: WireResponse;

  constructor(wire: WireResponse) {
    this.status = wire.status;
    this.headers = wire.headers;
    this.url = wire.url;
    this.#wire = wire;
  }

  /** Whether the status is 2xx: of use where `failureStatuses` hand others back. */
  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** The body as it came, decompressed. */
  bytes(): Uint8Array {
    return this.#wire.bytes;
  }

  /**
   * The body as text: by its byte order mark, else by the charset the API names, else as UTF-8.
   *
   * @throws BodyError when the API names a charset nobody knows
   */
  text(): string {
    const { bytes, request } = this.#wire;
    const charset = markedCharset(bytes) ?? charsetOf(this.#wire) ?? 'utf-8';
    try {
      return new TextDecoder(charset).decode(bytes);
    } catch (cause) {
      throw new BodyError(`${describeRequest(request)} was answered in the unknown charset "${charset}".`, { cause });
    }
  }

  /**
   * The body as JSON. Numbers that a double would round are `bigint` or `LosslessNumber`. `T` is the caller's word.
   *
   * @throws BodyError when the body is not valid JSON
   */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- spares the caller a cast
  json<T = unknown>(): T {
    try {
      return new JsonPage(Buffer.from(this.text())).document as T;
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      throw new BodyError(
        `${describeRequest(this.#wire.request)} was answered with a body that is not valid JSON: ${messageOf(cause)}`,
        { cause },
      );
    }
  }
}
