/** Numbers from 0 up to 1, always the same for a seed: a counter in odd steps, its bits mixed by the steps of murmur3. */
export const randomNumbers = (seed: number): (() => number) => {
  let count = seed;
  return () => {
    count = (count + 0x9e3779b9) | 0;
    let bits = Math.imul(count ^ (count >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
  };
};
