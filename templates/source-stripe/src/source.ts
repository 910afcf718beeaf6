import { Source, firstRecordOf } from '@headwater/core';
import type { Config } from './record-types.ts';
import { Charges, Customers, Events, Invoices, stripe } from './streams.ts';

export class StripeSource extends Source<Config> {
  override readonly directory = new URL('..', import.meta.url);

  /** An account without events is no failure; a key that may not read them is. */
  async check(config: Config): Promise<void> {
    await firstRecordOf(new Events(stripe(config)));
  }

  streams(config: Config) {
    const api = stripe(config);
    return [new Customers(api), new Charges(api), new Invoices(api), new Events(api)];
  }
}
