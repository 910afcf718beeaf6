/** Contestant (a): a connector as an author writes it, with nothing set for speed. */
import { HttpStream, Source, runSource } from '@headwater/core';
import type { HttpResponse, PageContext } from '@headwater/core';

import { customerSchema } from './customer.ts';
import type { Customer } from './customer.ts';

type Config = {
  readonly base_url: string;
  readonly page_size: number;
  readonly total: number;
  readonly gzip: boolean;
};

interface PageBody {
  readonly data: readonly Customer[];
  readonly next_page: number | null;
}

abstract class CustomerList extends HttpStream<Customer, Config> {
  override readonly primaryKey = 'id';
  override readonly schema = customerSchema;

  override get urlBase() {
    return this.config.base_url;
  }

  path() {
    return 'customers';
  }

  override requestParams({ nextPageToken }: PageContext<Config>) {
    const { page_size, total, gzip } = this.config;
    return { page: nextPageToken ?? 1, per_page: page_size, total, gzip: gzip ? 1 : null };
  }

  override nextPageToken({ body }: HttpResponse<PageBody, Config>) {
    return body.next_page;
  }
}

/** Says where the records are. */
class Customers extends CustomerList {
  override readonly recordsPath = '$.data[*]';
}

/** Takes the records out itself. */
class ParsedCustomers extends CustomerList {
  override parseResponse({ body }: HttpResponse<PageBody, Config>) {
    return body.data;
  }
}

class BenchSource extends Source<Config> {
  override readonly spec = {
    connectionSpecification: {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      required: ['base_url'],
      properties: {
        base_url: { type: 'string' },
        page_size: { type: 'integer', default: 1000 },
        total: { type: 'integer', default: 100_000 },
        gzip: { type: 'boolean', default: false },
      },
    },
  };

  async check() {}

  streams(config: Config) {
    return [new Customers({ config }), new ParsedCustomers({ config })];
  }
}

await runSource(new BenchSource());
