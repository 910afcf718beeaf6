/**
 * A stream in slices, for what only shows where many are read at once. At its end it writes to the file named by
 * `HEADWATER_BENCH_OBSERVED` what the read itself has cost, without the start of the process.
 */
import { writeFileSync } from 'node:fs';
import { HttpStream, Source, runSource } from '@headwater/core';
import type { HttpResponse, PageContext } from '@headwater/core';

import { customerSchema } from './customer.ts';
import type { Customer } from './customer.ts';
import { observe, WARM_UP_PAGES } from './observe.ts';
import type { Observing } from './observe.ts';

type Config = {
  readonly base_url: string;
  readonly slices: number;
  readonly pages: number;
  readonly page_size: number;
  readonly latency: number;
};

class Customers extends HttpStream<Customer, Config> {
  override readonly primaryKey = 'id';
  override readonly schema = customerSchema;
  override readonly recordsPath = '$.data[*]';
  override readonly urlBase = this.config.base_url;

  path() {
    return 'customers';
  }

  override requestParams({ nextPageToken }: PageContext<Config>) {
    const { page_size, pages, latency } = this.config;
    return { page: nextPageToken ?? 1, per_page: page_size, total: pages * page_size, latency };
  }

  override nextPageToken({ body }: HttpResponse<{ readonly next_page: number | null }, Config>) {
    return body.next_page;
  }
}

/** Makes the process load and compile what requests need: how a process starts is measured elsewhere. */
class WarmUp extends Customers {
  override readonly name = 'warm_up';

  override *slices() {
    for (let slice = 0; slice < WARM_UP_PAGES; slice++) yield { slice };
  }

  override requestParams(context: PageContext<Config>) {
    return { ...super.requestParams(context), total: this.config.page_size, latency: 0 };
  }
}

class Sliced extends Customers {
  override readonly name = 'sliced';
  override readonly cursorField = 'updated_at';
  override readonly dependsOn = ['warm_up'];
  #observing: Observing | undefined;

  override *slices() {
    this.#observing = observe();
    process.once('exit', () => {
      const file = process.env['HEADWATER_BENCH_OBSERVED'];
      if (file !== undefined) writeFileSync(file, JSON.stringify(this.#observing?.end()));
    });
    for (let slice = 0; slice < this.config.slices; slice++) yield { slice };
  }

  override requestParams(context: PageContext<Config>) {
    return { ...super.requestParams(context), slice: Number(context.slice['slice']) };
  }
}

class SlicedSource extends Source<Config> {
  override readonly spec = {
    connectionSpecification: {
      type: 'object',
      required: ['base_url'],
      properties: {
        base_url: { type: 'string' },
        slices: { type: 'integer', default: 200 },
        pages: { type: 'integer', default: 1 },
        page_size: { type: 'integer', default: 100 },
        latency: { type: 'integer', default: 0 },
      },
    },
  };

  async check() {}

  streams(config: Config) {
    return [new WarmUp({ config }), new Sliced({ config })];
  }
}

await runSource(new SlicedSource());
