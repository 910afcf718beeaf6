import { HttpStream, type HttpResponse, type JsonObject, type PageContext } from '@headwater/core';

export interface Config extends JsonObject {
  base_url: string;
}

/** A list at `/items` whose answers name the next page in `next`. */
export class Items extends HttpStream<JsonObject, Config> {
  override readonly urlBase = this.config.base_url;
  override readonly recordsPath: string = '$.items[*]';

  path(_context: PageContext<Config>): string {
    return '/items';
  }

  override nextPageToken({ body }: HttpResponse<{ next?: string | null }>) {
    return body.next;
  }
}
