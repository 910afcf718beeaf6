import {
  HttpStream,
  TokenAuthenticator,
  cursor,
  dateTimeCursor,
  rateBudget,
  tokenBucket,
  type HttpStreamOptions,
  type JsonObject,
  type PageContext,
} from '@headwater/core';
import type { Charge, Config, Customer, Event, Invoice } from './record-types.ts';

/** What all streams are made with: an account has one limit for all of them, 25 requests a second for a test key. */
export const stripe = (config: Config): HttpStreamOptions<Config> => ({
  config,
  http: { rateBudget: rateBudget({ rules: [{ limits: [tokenBucket({ capacity: 20, refillPerSecond: 20 })] }] }) },
});

/** A list as Stripe gives all of them: newest first, a page beginning after the last record of the one before. */
abstract class StripeList<R extends JsonObject> extends HttpStream<R, Config> {
  override readonly urlBase = `${this.config.base_url}/v1`;
  override readonly authenticator = new TokenAuthenticator(this.config.api_key);
  override readonly paginator = cursor({ lastRecord: '$.id', param: 'starting_after', hasMore: '$.has_more' });
  override readonly recordsPath = '$.data[*]';
  override readonly primaryKey = 'id';

  /**
   * By the time a record was made, the only one there is: a later change is seen in `events`. The windows are read side
   * by side, and those that are done are not read again when a first sync over years is cut short.
   */
  override readonly cursor = dateTimeCursor({
    field: 'created',
    format: 'epoch-seconds',
    start: this.config.start_date,
    step: 'P90D',
  });

  /** The fields that are ids unless the request asks for the objects. */
  readonly expanded: readonly string[] = [];

  path() {
    return this.name;
  }

  override requestHeaders() {
    return { 'stripe-version': '2025-03-31.basil' };
  }

  override requestParams({ window }: PageContext) {
    return {
      limit: 100,
      'created[gte]': window?.start,
      'created[lt]': window?.end,
      'expand[]': this.expanded.map((field) => `data.${field}`),
    };
  }
}

export class Customers extends StripeList<Customer> {}

export class Charges extends StripeList<Charge> {
  override readonly expanded = ['customer', 'balance_transaction'];
}

export class Invoices extends StripeList<Invoice> {
  override readonly expanded = ['customer'];
}

/** What has changed, of all kinds of objects. Stripe keeps it for 30 days. */
export class Events extends StripeList<Event> {}
