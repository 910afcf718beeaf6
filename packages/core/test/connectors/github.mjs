// GitHub issues, as an author would write it.
import { HttpStream, Source, TokenAuthenticator, linkHeader, runSource } from '@headwater/core';

class Issues extends HttpStream {
  urlBase = this.config.base_url;
  authenticator = new TokenAuthenticator(this.config.token);
  primaryKey = 'id';
  cursorField = 'updated_at';
  paginator = linkHeader();
  schema = {
    type: 'object',
    required: ['id', 'number', 'title', 'updated_at'],
    properties: {
      id: { type: 'integer' },
      number: { type: 'integer' },
      title: { type: 'string' },
      state: { type: 'string', enum: ['open', 'closed'] },
      user: { type: ['object', 'null'], properties: { id: { type: 'integer' }, login: { type: 'string' } } },
      created_at: { type: 'string', format: 'date-time' },
      updated_at: { type: 'string', format: 'date-time' },
      closed_at: { type: ['string', 'null'], format: 'date-time' },
    },
  };

  slices() {
    return this.config.repositories.map((repository) => ({ repository }));
  }
  path({ slice }) {
    return `repos/${slice.repository}/issues`;
  }
  requestParams() {
    return { per_page: 3 };
  }
  requestHeaders() {
    return { accept: 'application/vnd.github.v3+json' };
  }
  parseResponse({ body, headers }) {
    console.log(`quota: ${headers['x-ratelimit-remaining']} of ${headers['x-ratelimit-limit']}`);
    return body;
  }
}

class GitHub extends Source {
  spec = {
    connectionSpecification: {
      type: 'object',
      required: ['base_url', 'token', 'repositories'],
      properties: {
        base_url: { type: 'string' },
        token: { type: 'string', airbyte_secret: true },
        repositories: { type: 'array', items: { type: 'string' } },
      },
    },
  };
  check() {}
  streams(config) {
    return [new Issues({ config })];
  }
}

await runSource(new GitHub());
