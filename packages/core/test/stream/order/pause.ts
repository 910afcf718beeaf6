/** Counts the turns of the event loop, as far as a pause has seen them. */
export class Turns {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Waits for 0 to 3 microtasks, or from 4 on for so many turns of the event loop less 3. No time is measured. */
  async pause(length: number): Promise<void> {
    if (length < 4) {
      for (let left = length; left > 0; left--) await Promise.resolve();
      return;
    }
    for (let left = length - 3; left > 0; left--) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      this.#count++;
    }
  }
}
