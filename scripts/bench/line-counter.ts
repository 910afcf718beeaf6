const LINE_FEED = 0x0a;
const RECORD = Buffer.from('{"type":"RECORD"');

/** Counts what arrives on a pipe and keeps nothing of it. */
export class LineCounter {
  bytes = 0;
  records = 0;
  /** The beginning of a line that the last chunk cut short, as far as it matters. */
  #head: Buffer = Buffer.alloc(0);

  readonly add = (chunk: Buffer): void => {
    this.bytes += chunk.length;
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      this.#count(chunk.subarray(start, Math.min(end, start + RECORD.length)));
      start = end + 1;
    }
    this.#head = this.#joined(Buffer.from(chunk.subarray(start, start + RECORD.length)));
  };

  #count(head: Buffer): void {
    const whole = this.#head.length > 0 ? this.#joined(head) : head;
    if (whole.length >= RECORD.length && RECORD.compare(whole, 0, RECORD.length) === 0) this.records++;
    this.#head = whole.subarray(0, 0);
  }

  #joined(head: Buffer): Buffer {
    return Buffer.concat([this.#head, head]).subarray(0, RECORD.length);
  }
}
