import type { HttpHeaders, WireResponse } from '../http/types.ts';
import type { StreamedResponse } from '../http/streaming/stream-wire.ts';

/** An answer whose body is read while it arrives. */
export class CallStream implements AsyncDisposable {
  readonly status: number;
  /** Names in lower case; a header sent several times is joined with `, `. */
  readonly headers: HttpHeaders;
  /** Where the answer comes from, after redirects. */
  readonly url: string;
  /**
   * The bytes, decompressed, a piece at a time; they come no faster than they are read, and can be read once. Leaving
   * the loop early ends the request. Fits the readers of bodies, such as `readNdjson`.
   */
  readonly body: AsyncIterable<Uint8Array>;
  readonly #close: () => void;

  constructor(response: WireResponse | StreamedResponse) {
    this.status = response.status;
    this.headers = response.headers;
    this.url = response.url;
    this.body = 'body' in response ? response.body : once(response.bytes);
    this.#close = 'close' in response ? response.close : () => {};
  }

  /** Whether the status is 2xx: of use where `failureStatuses` hand others back. */
  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** Ends the request if its body has not been read to the end: for an answer that nobody begins to read. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  if (bytes.length > 0) yield bytes;
}
