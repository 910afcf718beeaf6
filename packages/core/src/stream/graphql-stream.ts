import { ConnectorError, GraphqlError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { silentLogger, type Logger } from '../output/logger.ts';
import type { HttpResponse } from './http-response.ts';
import { HttpStream } from './http-stream.ts';
import type { PageContext, PageToken } from './page-context.ts';
import type { Page } from './page.ts';
import type { RequestBody } from './request-body.ts';
import type { SliceContext } from './stream.ts';

/**
 * A stream out of a GraphQL API: a query, its variables, and where in the data the records are.
 *
 * Pages by the Relay cursor connections specification: ask for `pageInfo { hasNextPage endCursor }` in the connection
 * and pass the variable `$after` on, and every page is read. For another way of paging write `nextPageToken` and
 * `variables`.
 */
export abstract class GraphqlStream<
  R extends JsonObject = JsonObject,
  C extends JsonObject = JsonObject,
> extends HttpStream<R, C> {
  #log: Logger = silentLogger;

  /** The document, with one query in it. */
  abstract readonly query: string;

  /**
   * Where in `data` the records are, names joined by dots, e.g. `repository.issues`: a connection with `nodes` or
   * `edges`, or a plain list.
   */
  abstract readonly connection: string;

  /** The variables of the query. `after`, the cursor of the page, is added to them on all pages but the first. */
  variables(_context: PageContext<C>): JsonObject {
    return {};
  }

  /**
   * Whether an answer with both `data` and `errors` is taken, with a warning. Else its errors fail the slice.
   *
   * @default false
   */
  readonly partialData: boolean = false;

  override readonly method: string = 'POST';

  /** @default 'graphql' */
  override path(_context: PageContext<C>): string {
    return 'graphql';
  }

  override requestBody(context: PageContext<C>): RequestBody {
    const { nextPageToken } = context;
    const after = nextPageToken === undefined ? {} : { after: nextPageToken };
    return { query: this.query, variables: { ...this.variables(context), ...after } };
  }

  /**
   * Also true for an answer whose errors say that the quota is spent (`RATE_LIMITED`, `THROTTLED`).
   *
   * @throws GraphqlError for any other errors, unless `partialData` takes them
   */
  override shouldRetry(response: HttpResponse): boolean {
    if (response.status !== 200) return super.shouldRetry(response);
    const { data, errors } = answerOf(response);
    if (errors.length === 0) return false;
    if (errors.some(isThrottled)) return true;
    const said = errors.map(messageOf).join('; ');
    if (!this.partialData || !isJsonObject(data)) {
      throw new GraphqlError(
        `The query of stream "${this.name}" was answered with errors: ${said}. Correct the query or its variables` +
          `${isJsonObject(data) ? ', or set partialData to take the data that came with them' : ''}.`,
        errors,
      );
    }
    this.#log.warn(`The query of stream "${this.name}" was answered with data and errors: ${said}.`);
    return false;
  }

  override parseResponse(response: HttpResponse): Iterable<R> {
    const found = this.#connectionIn(response);
    const { nodes, edges } = isJsonObject(found) ? found : { nodes: found };
    const records =
      nodes ?? (Array.isArray(edges) ? edges.map((edge) => (isJsonObject(edge) ? edge['node'] : edge)) : edges);
    if (!Array.isArray(records)) {
      throw new ConnectorError(
        `Stream "${this.name}": at "${this.connection}" of the data is neither a list nor a connection with nodes or edges. ` +
          `Correct its field connection, or ask for nodes in its query.`,
      );
    }
    // A node the caller may not see is null. The schema check that every record goes through makes an R of the others.
    return records.filter((record) => record !== null) as R[];
  }

  override nextPageToken(response: HttpResponse): PageToken | null {
    const found = this.#connectionIn(response);
    const info = isJsonObject(found) ? found['pageInfo'] : undefined;
    if (!isJsonObject(info) || info['hasNextPage'] !== true) return null;
    const { endCursor } = info;
    if (typeof endCursor === 'string' && endCursor !== '') return endCursor;
    throw new ConnectorError(
      `Stream "${this.name}": there are more pages, but pageInfo has no endCursor. Ask for it in the query.`,
    );
  }

  override read(context: SliceContext<C>): AsyncIterable<Page<R>> {
    this.#log = context.report.log;
    return super.read(context);
  }

  #connectionIn(response: HttpResponse): unknown {
    return this.connection
      .split('.')
      .reduce<unknown>((value, name) => (isJsonObject(value) ? value[name] : undefined), answerOf(response).data);
  }
}

const answerOf = ({ body }: HttpResponse): { readonly data: unknown; readonly errors: readonly unknown[] } => {
  if (!isJsonObject(body)) return { data: undefined, errors: [] };
  const { data, errors } = body;
  return { data, errors: Array.isArray(errors) ? errors : [] };
};

const THROTTLED = new Set(['RATE_LIMITED', 'RATELIMITED', 'THROTTLED']);

/** GitHub says it in `type`, Shopify and others in `extensions.code`. */
const isThrottled = (error: unknown): boolean => {
  if (!isJsonObject(error)) return false;
  const { type, extensions } = error;
  return [type, isJsonObject(extensions) ? extensions['code'] : undefined].some(
    (code) => typeof code === 'string' && THROTTLED.has(code),
  );
};

/** `path.to.0.field: what is wrong`. */
const messageOf = (error: unknown): string => {
  if (!isJsonObject(error)) return String(error);
  const { message, path } = error;
  const said = typeof message === 'string' ? message.replace(/\.$/, '') : 'an error without a message';
  return Array.isArray(path) && path.length > 0 ? `${path.join('.')}: ${said}` : said;
};
