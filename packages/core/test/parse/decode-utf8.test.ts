import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeUtf8 } from '../../src/parse/decode-utf8.ts';

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom('a', '{"id":1},'), fc.nat(60)).map(([s, n]) => s.repeat(n)) },
  { weight: 2, arbitrary: fc.constantFrom('é', 'ж', '日本', '😀', '\u0080', '\u07ff', '\uffff') },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('é', '日'), fc.nat(9000)).map(([s, n]) => s.repeat(n)) },
);

const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));

test('decodes as toString does, at any alignment', () => {
  fc.assert(
    fc.property(text, fc.nat(7), (expected, offset) => {
      const bytes = Buffer.concat([Buffer.alloc(offset, 'é'), Buffer.from(expected), Buffer.from('é')]);
      expect(decodeUtf8(bytes.subarray(offset, bytes.length - 2))).toBe(expected);
    }),
    { numRuns: 300 },
  );
});

test('replaces what is not UTF-8 as toString does', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.uint8Array({ maxLength: 4 }), fc.constant(Buffer.alloc(50, 'a')))), (pieces) => {
      const bytes = Buffer.concat(pieces);
      expect(decodeUtf8(bytes)).toBe(bytes.toString('utf8'));
    }),
  );
});
