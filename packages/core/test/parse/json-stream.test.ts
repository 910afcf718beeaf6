import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BodyError, ConnectorError, RecordsPathError } from '../../src/errors.ts';
import { readJsonStream } from '../../src/parse/json-stream.ts';
import { compileRecordsPath, selectRecords } from '../../src/parse/records-path.ts';
import { parseLossless, stringifyJson } from '../../src/protocol/lossless-json.ts';
import { all, bytesOf, everyWay, untilError } from './chunks.ts';

const page =
  '{"meta":{"data":[0],"n":[[1],{}]},"data":{"it.ems":[{"id":1,"tags":["ü",{}]},[],null,"x",-2.5e3,{"data":[3]}]},"z":""}';

test.each([
  ['$', page],
  ['$[*]', '[1,"a",[2],{"b":{}},true,null]'],
  ['$[*]', ' [ ] '],
  ['$[*]', '\uFEFF[{"a":"😀\\ud83d\\ude00\\n"}]'],
  ['$.*', '{"a":1,"b":[2]}'],
  ['$', '12345678901234567890'],
  ['$.data["it.ems"][*]', page],
  ['$.data["it.ems"]', page],
  ['$.meta.data[*]', page],
  ['$.meta.n', page],
  ['$.a[*].b[*]', '{"a":[{"b":[1,2]},{"b":[]},{"b":[3]}]}'],
  ['$["__proto__"][*]', '{"__proto__":[{"__proto__":1,"constructor":2}]}'],
  ['$[*]', '[12345678901234567890,0.12345678901234567890,1e400,-0,1.0]'],
])('reads %s like the whole document, however it is cut', async (path, text) => {
  const document = parseLossless(text.replace(/^\uFEFF/, ''));
  const expected = selectRecords(document, compileRecordsPath(path)).map(stringifyJson);
  for (const body of everyWay(text))
    expect((await all(readJsonStream(body, path))).map(stringifyJson)).toEqual(expected);
});

test('reads any JSON like the whole document', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
      const text = JSON.stringify({ skipped: value, items: [value, value] });
      const expected = selectRecords(parseLossless(text), compileRecordsPath('$.items[*]'));
      for (const body of everyWay(text)) {
        expect(await all(readJsonStream(body, '$.items[*]'))).toEqual(expected);
      }
    }),
    { numRuns: 60, seed: 3 },
  );
});

test.each([
  ['{"items":[1,2', [1, 2], 'ends too soon'],
  ['{"items":[{"a":1},{"a"', [{ a: 1 }], 'ends too soon'],
  ['{"items":[1,"ab', [1], 'malformed or cut off'],
  ['{"items":[1,tru', [1], 'malformed or cut off'],
  ['{"items":[1],"b":}', [1], 'at byte 17: "}" stands there instead of a value'],
  ['{"items":[1],}', [1], 'at byte 13: "}" stands there instead of a name'],
  ['{"items":[1,]}', [1], 'at byte 12: "]" stands there instead of a value'],
  ['{"items":[1]]', [1], 'at byte 12: "]" stands there instead of "," or the end'],
  ['{"items":[1 2]}', [1], 'at byte 12: a value stands there'],
  ['{"items":[1],"x":@}', [1], 'at byte 17: "@"'],
  ['{"items":[01]}', [0], 'at byte 11'],
  ['{"items":[1]} {}', [1], 'at byte 14: "{" stands there instead of the end of the document'],
  ['', [], 'ends too soon'],
  ['  ', [], 'ends too soon'],
])('refuses %s', async (text, items, message) => {
  for (const body of everyWay(text)) {
    const { items: read, error } = await untilError(readJsonStream(body, '$.items[*]'));
    expect(error).toBeInstanceOf(BodyError);
    expect(String(error)).toContain(message);
    expect(items.slice(0, read.length)).toEqual(read);
  }
});

test('refuses a string that is not UTF-8', async () => {
  for (const body of everyWay(Buffer.from('["\xff"]', 'latin1'))) {
    await expect(all(readJsonStream(body, '$[*]'))).rejects.toThrow(BodyError);
  }
});

test.each([
  ['{"error":"no"}', 'without the next name'],
  ['{"items":null}', 'a single value'],
  ['[]', 'an array stands there'],
  ['"x"', 'a single value'],
])('says that the path leads nowhere in %s', async (text, message) => {
  for (const body of everyWay(text)) {
    const { error } = await untilError(readJsonStream(body, '$.items[*]'));
    expect(error).toBeInstanceOf(RecordsPathError);
    expect(String(error)).toContain(message);
  }
});

test('refuses a path it cannot follow while reading', async () => {
  await expect(all(readJsonStream(bytesOf('{}'), '$..items'))).rejects.toThrow(ConnectorError);
});

const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
};

test('forgets what it has read of a document of 50 MB', async () => {
  const text = 'x'.repeat(2000);
  const sent = { bytes: 0, items: 0 };
  const send = (chunk: string): Uint8Array => {
    sent.bytes += chunk.length;
    return bytesOf(chunk);
  };
  async function* body() {
    yield send('{"skipped":[0');
    for (let hundred = 0; hundred < 50; hundred++) yield send(`,{"text":"${text}"}`.repeat(100));
    yield send('],"items":[');
    while (sent.items < 20_000) {
      const items = Array.from({ length: 100 }, (_, at) => `{"id":${sent.items + at},"text":"${text}"}`);
      const comma = sent.items > 0 ? ',' : '';
      sent.items += 100;
      yield send(comma + items.join(','));
    }
    yield send(']}');
  }

  const marks: WeakRef<object>[] = [];
  let read = 0;
  for await (const item of readJsonStream(body(), '$.items[*]')) {
    const { id } = item as { id: number };
    if (id !== read++) throw new Error(`Item ${id} came as number ${read}.`);
    if (sent.items - read > 100) throw new Error(`${sent.items - read} items were read ahead.`);
    if (read % 1000 === 0) marks.push(new WeakRef(item as object));
  }
  // References are only let go between two turns of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();

  expect(read).toBe(20_000);
  expect(sent.bytes).toBeGreaterThan(50_000_000);
  expect(marks.filter((mark) => mark.deref() !== undefined).length).toBeLessThan(3);
});
