/** Whole numbers from 0 to below `bound`, always the same for a seed. */
export type Below = (bound: number) => number;

/** A counter in odd steps, its bits mixed. */
export const randomOf = (seed: number): Below => {
  let count = Math.imul(seed + 1, 0x9e3779b1);
  return (bound) => {
    count = (count + 0x6d2b79f5) | 0;
    let bits = Math.imul(count ^ (count >>> 15), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return Math.floor((((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32) * bound);
  };
};
