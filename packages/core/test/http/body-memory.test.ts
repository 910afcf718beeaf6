import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bodyJoiner } from '../../src/http/body-memory.ts';

const piecesOf = (lengths: readonly number[], seed: number): Uint8Array[] =>
  lengths.map((length, index) => new Uint8Array(length).fill((seed + index) % 251));

test('joins any pieces, and leaves every earlier body as it is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.oneof(fc.nat(100), fc.nat(70_000), fc.nat(400_000)), { minLength: 1, maxLength: 4 }), {
        maxLength: 12,
      }),
      (bodies) => {
        const join = bodyJoiner();
        const joined = bodies.map((lengths, seed) => {
          const size = lengths.reduce((sum, length) => sum + length, 0);
          return join(piecesOf(lengths, seed), size);
        });
        for (const [seed, lengths] of bodies.entries()) {
          expect(Buffer.concat(piecesOf(lengths, seed)).equals(joined[seed]!)).toBe(true);
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('gives the memory of a piece back when it is in the body', () => {
  const [piece] = piecesOf([50_000], 7);

  const body = bodyJoiner()([piece!], 50_000);

  expect(body).toHaveLength(50_000);
  expect(piece).toHaveLength(0);
});

test('leaves a piece alone that shares its memory', () => {
  const shared = new Uint8Array(100_000).fill(3);
  const piece = shared.subarray(10, 50_010);

  bodyJoiner()([piece], 50_000);

  expect(piece).toHaveLength(50_000);
  expect(shared.every((byte) => byte === 3)).toBe(true);
});
