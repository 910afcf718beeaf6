import { mockApi, type CollectionOptions, type MockApi, type MockAuth, type Paging } from '@headwater/testing';

import type { ConnectorPlan, JsonObject, PaginationPlan, StreamPlan } from '../plan/plan.ts';
import { exampleConfig, type ConfigFields } from './config-fields.ts';
import { settingOf } from './connector-files.ts';
import { parametersIn, routeOf } from './example-route.ts';
import { pathPieces } from './parents.ts';
import type { StreamSetting } from './stream-file.ts';

/** A server that has the examples of a plan. */
export interface ExampleApi extends MockApi {
  /** With it a connector of the plan reads from this server. */
  readonly config: JsonObject;
}

/** So many records a page, where the paginator does not take a short page for the last one. */
const PAGE = 2;

/**
 * Serves the examples of a plan on the loopback interface, with the plan's credential and pages, under the path of its
 * base URL. The examples of a child stream are spread over the examples of its parent.
 *
 * @throws TypeError for a path to the records that is more than names and wildcards
 */
export const serveExamples = async (plan: ConnectorPlan): Promise<ExampleApi> => {
  const setting = settingOf(plan);
  const { fields } = setting;
  const example = exampleConfig(fields);
  const auth = authOf(plan, fields, example);
  const api = await mockApi({ strict: false, ...(auth && { auth }) });
  const base = new URL(plan.baseUrl).pathname.replace(/\/+$/, '');
  try {
    // Of two routes that fit a request the one declared last takes it: the one with fewer parameters.
    const parameters = ({ path }: StreamPlan): number => pathPieces(path).length;
    for (const stream of plan.streams.toSorted((one, other) => parameters(other) - parameters(one))) {
      for (const route of routesOf(base, stream)) {
        api.collection(route, {
          items: itemsOf(stream, plan, setting),
          recordsPath: stream.recordsPath,
          paging: pagingOf(stream.pagination),
          ...sinceOf(stream),
        });
      }
    }
  } catch (error) {
    await api.close();
    throw error;
  }
  const tokenUrl = fields.credential['tokenUrl'];
  const config = {
    ...example,
    [fields.baseUrl]: `${api.url}${base}`,
    ...(tokenUrl !== undefined && { [tokenUrl]: `${api.url}${tokenPath(plan)}` }),
  };
  return Object.assign(api, { config });
};

/** A list at the base URL itself is asked for with and without the slash at the end. */
const routesOf = (base: string, stream: StreamPlan): readonly string[] => {
  const route = routeOf(stream);
  const atBase = base !== '' && route === '/';
  return [`GET ${base}${route}`, ...(atBase ? [`GET ${base}`] : [])];
};

const itemsOf = (stream: StreamPlan, plan: ConnectorPlan, { links }: StreamSetting): CollectionOptions['items'] => {
  const link = links.get(stream.name);
  const parent = plan.streams.find(({ name }) => name === link?.stream);
  if (!parent) return stream.examples;
  const parameters = parametersIn(stream);
  return ({ params }) => {
    const said = parameters.flatMap(({ name, around }, at) => {
      const value = stream.pathParams[name];
      const isOfParent = value?.from === 'parent' && value.stream === parent.name;
      return isOfParent ? [{ field: value.field, text: around.exec(params[`p${at}`] ?? '')?.[1] }] : [];
    });
    if (said.length === 0) return stream.examples;
    const index = parent.examples.findIndex((record) =>
      said.every(({ field, text }) => String(record[field]) === text),
    );
    return index === -1 ? [] : stream.examples.filter((_, at) => at % parent.examples.length === index);
  };
};

const sinceOf = ({ sinceParam, cursorField }: StreamPlan): Pick<CollectionOptions, 'since'> =>
  sinceParam === undefined || cursorField === undefined
    ? {}
    : { since: { param: sinceParam, field: fieldPath(cursorField) } };

/** A name that begins with `$` is not a path. */
const fieldPath = (field: string): string => (field.startsWith('$') ? `$[${JSON.stringify(field)}]` : field);

const pagingOf = (pagination: PaginationPlan): Paging => {
  const { kind } = pagination;
  if (kind === 'none') return { kind };
  const { options } = pagination;
  const saysMore = ['hasMore', 'total', 'totalPages'].some((name) => options[name] !== undefined);
  const mayBeShort = kind === 'linkHeader' || kind === 'nextUrl' || kind === 'cursor' || saysMore;
  // The plan's options are those of the paginator, which the server knows by the same names.
  return {
    ...options,
    kind,
    ...(kind === 'pageNumber' && options['pageSize'] === undefined && { pageSize: PAGE }),
    ...(mayBeShort && { maxPageSize: PAGE, ...(kind !== 'offset' && kind !== 'pageNumber' && { pageSize: PAGE }) }),
  } as unknown as Paging;
};

const authOf = ({ auth }: ConnectorPlan, { credential }: ConfigFields, example: JsonObject): MockAuth | undefined => {
  const value = (role: string): string => String(example[credential[role] ?? '']);
  switch (auth.kind) {
    case 'none':
      return undefined;
    case 'bearer':
      return { kind: 'bearer', token: value('token'), ...(auth.scheme !== undefined && { scheme: auth.scheme }) };
    case 'basic':
      return { kind: 'basic', username: value('username'), password: value('password') };
    case 'api-key':
      return { kind: 'api-key', in: auth.in, name: auth.name, key: value('key') };
    case 'oauth2':
      break;
  }
  return {
    kind: 'oauth2',
    grant: auth.grant,
    tokenPath: tokenPath({ auth }),
    client: { id: value('clientId'), secret: value('clientSecret') },
    ...(auth.grant === 'refresh_token' && { refreshToken: value('refreshToken') }),
  };
};

const tokenPath = ({ auth }: Pick<ConnectorPlan, 'auth'>): string =>
  auth.kind === 'oauth2' && URL.canParse(auth.tokenUrl) ? new URL(auth.tokenUrl).pathname : '/oauth/token';
