interface Flight<T> {
  readonly landing: Promise<T>;
  readonly signal: AbortSignal | undefined;
}

/** Lets those who want the same at the same time share the work of the first of them. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /**
   * The result of `work`, or of the same work under way for another. Where that other is aborted, those who wait for
   * its result go on: one of them does the work. Rejects with the reason of `signal` as soon as it aborts.
   */
  async share(
    key: string,
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<[result: T, own: boolean]> {
    for (;;) {
      const flight = this.#flights.get(key);
      if (!flight) return [await this.#lead(key, signal, work), true];
      try {
        return [await orAborted(flight.landing, signal), false];
      } catch (error) {
        if (signal?.aborted || !flight.signal?.aborted) throw error;
      }
    }
  }

  #lead(key: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const landing = work().finally(() => this.#flights.delete(key));
    this.#flights.set(key, { landing, signal });
    return landing;
  }
}

const orAborted = async <T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
  if (!signal) return work;
  signal.throwIfAborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
};
