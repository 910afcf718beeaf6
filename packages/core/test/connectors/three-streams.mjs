// A connector for the crash test: repositories page by page, events in several slices, issues as children.
import { HttpStream, HttpSubStream, Source, byList, dateTimeCursor, runSource } from '@headwater/core';

const schemaWith = (keys) => ({
  type: 'object',
  properties: Object.fromEntries([...keys, 'updated_at'].map((key) => [key, { type: 'string' }])),
});

const http = { retry: { attempts: 100, backoff: () => 2 }, circuitBreaker: false };

class Pages extends HttpStream {
  http = http;
  urlBase = this.config.base_url;
  primaryKey = 'id';
  recordsPath = '$.data[*]';
  requestParams({ nextPageToken, state, window }) {
    return { page: nextPageToken, since: window?.start ?? state.updated_at, until: window?.end };
  }
  nextPageToken({ body }) {
    return body.next;
  }
}

class Repositories extends Pages {
  name = 'repositories';
  schema = schemaWith(['id']);
  path() {
    return 'repositories';
  }
}

class ChangedRepositories extends Repositories {
  cursorField = 'updated_at';
}

class Events extends Pages {
  name = 'events';
  schema = schemaWith(['id', 'region']);
  constructor(options) {
    super(options);
    const { events, regions, start, end, step } = this.config;
    this.regions = regions;
    const field = 'updated_at';
    if (events === 'windows') this.cursor = dateTimeCursor({ field, start, end, step });
    else if (events === 'open') this.cursor = dateTimeCursor({ field, start });
    else this.cursorField = field;
    if (events === 'ascending') this.checkpointEvery = 5;
  }
  slices() {
    return byList('region', this.regions);
  }
  path({ slice }) {
    return `events/${slice.region}`;
  }
}

class Issues extends HttpSubStream {
  name = 'issues';
  http = http;
  urlBase = this.config.base_url;
  primaryKey = 'id';
  recordsPath = '$.data[*]';
  schema = schemaWith(['id', 'repository']);
  parent;
  constructor(options, repositories) {
    super(options);
    const { issues } = this.config;
    if (issues !== 'full') this.cursorField = 'updated_at';
    this.parent =
      issues === 'changed'
        ? { stream: new ChangedRepositories(options), as: 'repository', incremental: true }
        : { stream: repositories, as: 'repository' };
  }
  path({ slice }) {
    return `repositories/${slice.repository}/issues`;
  }
  requestParams({ nextPageToken, state }) {
    return { page: nextPageToken, since: state.updated_at };
  }
  nextPageToken({ body }) {
    return body.next;
  }
}

class ThreeStreams extends Source {
  spec = { connectionSpecification: { type: 'object', properties: { base_url: { type: 'string' } } } };
  stateInterval = { milliseconds: 3, records: 10 };
  check() {}
  streams(config) {
    const repositories = new Repositories({ config });
    return [repositories, new Events({ config }), new Issues({ config }, repositories)];
  }
}

await runSource(new ThreeStreams());
