import { HttpStream, HttpSubStream, TokenAuthenticator, pageNumber, type JsonObject } from '@headwater/core';
import type { Config } from './record-types.ts';

/** What adds the credential to each request. */
export const authenticatorOf = (config: Config) => new TokenAuthenticator(config.api_token);

/** How most streams of the API give page after page. */
export const pages = pageNumber({ pageSize: 100, sizeParam: 'per_page', hasMore: '$.has_more' });

/** A stream of Example. */
export abstract class ApiStream<R extends JsonObject> extends HttpStream<R, Config> {
  override readonly urlBase = this.config.base_url;
  override readonly authenticator = authenticatorOf(this.config);
}

/** A stream that is read once for each record of another stream of Example. */
export abstract class ApiSubStream<R extends JsonObject> extends HttpSubStream<R, Config> {
  override readonly urlBase = this.config.base_url;
  override readonly authenticator = authenticatorOf(this.config);
}
