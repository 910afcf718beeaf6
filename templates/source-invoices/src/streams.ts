import {
  HttpStream,
  HttpSubStream,
  dateTimeCursor,
  pageNumber,
  type Authenticator,
  type HttpStreamOptions,
  type PageContext,
  type Parent,
} from '@headwater/core';
import type { Config, Customer, Invoice } from './record-types.ts';

export interface InvoicingOptions extends HttpStreamOptions<Config> {
  readonly oauth: Authenticator;
}

// What all streams of this API share.
const urlOf = ({ base_url }: Config) => `${base_url}/v1`;
const PAGES = pageNumber({ pageSize: 50, sizeParam: 'per_page', hasMore: '$.has_more' });

export class Customers extends HttpStream<Customer, Config> {
  override readonly urlBase = urlOf(this.config);
  override readonly authenticator: Authenticator;
  override readonly paginator = PAGES;
  override readonly recordsPath = '$.data[*]';
  override readonly primaryKey = 'id';

  constructor({ oauth, ...options }: InvoicingOptions) {
    super(options);
    this.authenticator = oauth;
  }

  path() {
    return 'customers';
  }
}

/** One slice for each customer, eight of them read at once. */
export class Invoices extends HttpSubStream<Invoice, Config> {
  override readonly urlBase = urlOf(this.config);
  override readonly authenticator: Authenticator;
  override readonly paginator = PAGES;
  override readonly recordsPath = '$.data[*]';
  override readonly primaryKey = 'id';
  override readonly cursor = dateTimeCursor({ field: 'updated_at', start: this.config.start_date });
  override readonly parent: Parent;

  constructor({ oauth, customers, ...options }: InvoicingOptions & { readonly customers: Customers }) {
    super(options);
    this.authenticator = oauth;
    this.parent = { stream: customers, as: 'customer_id' };
  }

  path({ slice }: PageContext) {
    return `customers/${encodeURIComponent(String(slice['customer_id']))}/invoices`;
  }

  override requestParams({ window }: PageContext) {
    return { updated_since: window?.start };
  }
}
