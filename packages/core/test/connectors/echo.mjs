// A connector that lets its secrets slip wherever it can: for the test that none gets out.
import { inspect } from 'node:util';
import { ApiKeyAuthenticator, HttpStream, Source, runSource } from '@headwater/core';

const schema = { type: 'object', properties: { id: { type: 'integer' }, name: { type: 'string' } } };

class Echo extends HttpStream {
  urlBase = this.config.base_url;
  authenticator = new ApiKeyAuthenticator({ header: 'x-api-key', key: this.config.api_key });
  useCache = true;
  primaryKey = 'id';
  cursorField = 'id';
  recordsPath = '$.data[*]';
  schema = schema;
  constructor({ name, ...options }) {
    super({ ...options, http: { retry: { attempts: 2, backoff: () => 1 } } });
    this.name = name;
  }
  path() {
    return this.name;
  }
  requestParams({ nextPageToken }) {
    return { api_key: this.config.api_key, page: nextPageToken };
  }
  nextPageToken({ body }) {
    return body.next;
  }
  parseResponse({ body }) {
    console.log(this.name, this.config);
    console.error(JSON.stringify(this.config));
    process.stderr.write(`${inspect(this.config)}\n${JSON.stringify(this.config)}\n`);
    for (const line of String(this.config.private_key).split('\n')) console.debug(line);
    if (body.throw) throw new AggregateError([new Error(body.throw)], body.throw, { cause: this.config });
    return body.data;
  }
}

class EchoSource extends Source {
  spec = {
    connectionSpecification: {
      type: 'object',
      properties: {
        base_url: { type: 'string' },
        api_key: { type: 'string', airbyte_secret: true },
        private_key: { type: 'string', airbyte_secret: true },
        streams: { type: 'array', items: { type: 'string' } },
      },
    },
  };

  check(config) {
    throw new Error(`no access with ${JSON.stringify(config)}`);
  }

  streams(config) {
    return config.streams.map((name) => new Echo({ config, name }));
  }
}

await runSource(new EchoSource());
