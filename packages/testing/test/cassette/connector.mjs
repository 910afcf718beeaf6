// An API with tokens, pages, children and failures, as an author would read it.
import { HttpStream, HttpSubStream, Oauth2Authenticator, Source, nextUrl, runSource } from '@headwater/core';

const schema = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    email: { type: 'string' },
    updated_at: { type: 'string' },
    title: { type: 'string' },
    note: { type: ['string', 'null'] },
  },
};

const http = { retry: { backoff: () => 5 } };

class Users extends HttpStream {
  name = 'users';
  urlBase = this.config.base_url;
  authenticator = this.config.authenticator;
  primaryKey = 'id';
  cursorField = 'updated_at';
  schema = schema;
  recordsPath = '$.data[*]';
  paginator = nextUrl({ from: '$.next' });
  path() {
    return 'users';
  }
  requestParams({ state }) {
    return { since: state.updated_at };
  }
}

class Posts extends HttpSubStream {
  name = 'posts';
  urlBase = this.config.base_url;
  authenticator = this.config.authenticator;
  primaryKey = 'id';
  schema = schema;
  parent = { stream: new Users({ config: this.config, http }), key: 'email', as: 'email' };
  path({ slice }) {
    return `users/${encodeURIComponent(slice.email)}/posts`;
  }
  parseResponse({ body }) {
    return body;
  }
}

class Example extends Source {
  directory = import.meta.dirname;
  concurrency = 4;
  spec = {
    connectionSpecification: {
      type: 'object',
      required: ['base_url', 'client_secret', 'refresh_token'],
      properties: {
        base_url: { type: 'string' },
        client_secret: { type: 'string', airbyte_secret: true },
        refresh_token: { type: 'string', airbyte_secret: true },
      },
    },
  };
  prepare(config) {
    const { base_url, client_secret: clientSecret, refresh_token: refreshToken } = config;
    const authenticator = new Oauth2Authenticator({
      tokenUrl: `${base_url}token`,
      clientId: 'example',
      clientSecret,
      refreshToken,
    });
    return { ...config, authenticator };
  }
  check() {}
  streams(config) {
    return [new Users({ config, http }), new Posts({ config, http })];
  }
}

await runSource(new Example());
