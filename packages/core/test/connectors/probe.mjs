// A connector for the tests of what an orchestrator sees: its config says what it is and how it behaves.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ApiKeyAuthenticator,
  HttpStream,
  HttpStatusError,
  Source,
  Stream,
  registerSecret,
  runSource,
} from '@headwater/core';

const recordSchema = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    name: { type: ['string', 'null'] },
    updated_at: { type: 'string', format: 'date-time' },
  },
};

/** `{ name, path, cursorField?, slices?, recordsPath?, schema?, ... }` out of the config's list `streams`. */
class Probe extends HttpStream {
  urlBase = this.config.base_url;
  authenticator = new ApiKeyAuthenticator({ header: 'x-api-key', key: this.config.api_key });
  constructor({ definition, ...options }) {
    super({ ...options, http: { retry: { backoff: () => 10, ...definition.retry }, timeouts: definition.timeouts } });
    this.definition = definition;
    this.name = definition.name;
    this.primaryKey = 'id';
    this.schema = definition.schema ?? recordSchema;
    this.cursorField = definition.cursorField;
    this.checkpointEvery = definition.checkpointEvery;
    this.dependsOn = definition.dependsOn;
    if (definition.parse) {
      this.parseResponse = ({ body }) => {
        if (definition.parse === 'throw') throw new TypeError(`parse failed with ${this.config.api_key}`);
        if (definition.parse === 'print') {
          console.log('printed by', 'console.log', { a: 1 });
          console.warn('a warning');
          process.stdout.write('written to stdout\nin two lines\n');
        }
        return body.data;
      };
    } else {
      this.recordsPath = '$.data[*]';
    }
  }
  slices() {
    return this.definition.slices ?? [{}];
  }
  path({ slice }) {
    return `${this.definition.path ?? this.name}${slice.id === undefined ? '' : `/${slice.id}`}`;
  }
  requestParams({ nextPageToken, state }) {
    return { page: nextPageToken, since: state[this.cursorField] };
  }
  nextPageToken({ body }) {
    return body.next;
  }
}

/** Counts as fast as it is read, for as long as the config says. */
class Counter extends Stream {
  name = 'counter';
  schema = { type: 'object', properties: { n: { type: 'integer' }, filler: { type: 'string' } } };
  cursorField = 'n';
  checkpointEvery = 1000;
  async *read({ state, signal, report }) {
    const { count, pause = 0 } = this.config.counter;
    report.estimate(count);
    const filler = 'x'.repeat(200);
    for (let n = (state.n ?? -1) + 1; n < count; n++) {
      signal.throwIfAborted();
      if (pause > 0 && n % 100 === 0) await sleep(pause);
      yield { n, filler };
    }
  }
}

class ProbeSource extends Source {
  spec = {
    connectionSpecification: {
      type: 'object',
      required: ['base_url', 'api_key'],
      properties: {
        base_url: { type: 'string', format: 'uri' },
        api_key: { type: 'string', minLength: 5, airbyte_secret: true },
        size: { type: 'integer', default: 10 },
        start: { type: 'string', format: 'date' },
        streams: { type: 'array' },
        check: { type: 'string' },
        counter: { type: 'object' },
      },
    },
  };

  async check(config) {
    if (config.check === 'reason') return `the key ${config.api_key} is not good`;
    if (config.check === 'unauthorized') {
      throw new HttpStatusError(`GET /me was answered with 401 for ${config.api_key}.`, 401, 'config_error');
    }
    if (config.check === 'bug') throw new TypeError(`undefined is not ${config.api_key}`);
    if (config.check === 'default') return config.size === 10 ? undefined : `size is ${config.size}`;
    return undefined;
  }

  prepare(config, { saveConfig }) {
    if (config.check !== 'refresh') return config;
    registerSecret('a-fresh-token-1');
    saveConfig({ ...config, api_key: 'a-fresh-token-1' });
    console.log('refreshed to a-fresh-token-1');
    return { ...config, api_key: 'a-fresh-token-1' };
  }

  streams(config) {
    const probes = (config.streams ?? []).map((definition) => new Probe({ config, definition }));
    return config.counter ? [...probes, new Counter({ config })] : probes;
  }
}

await runSource(new ProbeSource());
