import { expect, test } from '@jest/globals';
import { Writer, type OutputStream } from '../../src/output/writer.ts';

/** Takes what is written, and says that it is done when it is told to. */
const slowOutput = () => {
  const pending: (() => void)[] = [];
  let text = '';
  const out: OutputStream = {
    write(chunk, done) {
      text += Buffer.from(chunk).toString();
      pending.push(() => done());
      return false;
    },
    on() {},
  };
  return { out, finishOne: () => pending.shift()?.(), text: () => text };
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('says that all is out as soon as what was written before is, though others go on writing', async () => {
  const slow = slowOutput();
  const writer = new Writer(slow.out);
  let isOut = false;
  writer.line('first\n');
  const end = writer.end().then(() => (isOut = true));
  writer.line('second\n');
  void writer.end();
  await turn();
  expect(isOut).toBe(false);

  slow.finishOne();
  await end;
  expect(slow.text()).toBe('first\nsecond\n');
});

test('holds producers back while a mebibyte is under way', async () => {
  const slow = slowOutput();
  const writer = new Writer(slow.out);
  const line = `${'x'.repeat(100_000)}\n`;
  let lines = 0;
  while (!writer.ready()) {
    writer.line(line);
    lines++;
  }
  const ready = writer.ready();
  expect(lines).toBeGreaterThanOrEqual(11);
  expect(lines).toBeLessThan(16);

  slow.finishOne();
  slow.finishOne();
  await ready;
  expect(writer.ready()).toBeUndefined();
});

test('lets everybody go when the reader has gone', async () => {
  let fail: (error: NodeJS.ErrnoException) => void = () => {};
  const reasons: unknown[] = [];
  const out: OutputStream = { write: () => false, on: (_event, listener) => void (fail = listener) };
  const writer = new Writer(out, (error) => reasons.push(error));
  writer.line('never out\n');
  const end = writer.end();
  fail(Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
  await end;
  writer.line('dropped\n');
  await writer.end();

  expect(reasons).toEqual([expect.objectContaining({ code: 'EPIPE' })]);
});
