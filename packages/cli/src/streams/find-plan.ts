import { CommandError } from '../command-error.ts';
import type { ConnectorPlan, StreamPlan } from '../plan/plan.ts';
import { nearest } from '../nearest.ts';
import { fieldsOf, type Connector } from './connector.ts';

/** Where streams are found. */
export interface Origin {
  /** A file or a URL. */
  readonly openapi?: string;
  /** Files, URLs, HAR files. */
  readonly fromResponse?: readonly string[];
  /** Sent with the requests to URLs, each as `Name: value`. */
  readonly header?: readonly string[];
}

/** What is to be added, and what it needs. */
export interface Found {
  /** The streams to add, and those of the connector that they are children of. */
  readonly plan: ConnectorPlan;
  /** Names of the streams to add. */
  readonly added: readonly string[];
  /** Of those, the ones nobody asked for: other streams are children of them. */
  readonly asParents: readonly string[];
  /** Names of streams that were found, but that the connector has already. */
  readonly present: readonly string[];
}

/**
 * The streams of these names that the connector does not have yet, with the parents they need.
 *
 * @param names none: all that samples have. Of a description something has to be chosen
 * @throws CommandError for a name that is unknown, or that the connector has already
 */
export const findPlan = async (origin: Origin, names: readonly string[], connector: Connector): Promise<Found> => {
  const wanted = [...new Set(names)];
  const plan =
    origin.openapi === undefined
      ? await fromSamples(origin, connector)
      : await fromDescription(origin.openapi, wanted, connector);
  const isThere = ({ name }: StreamPlan): boolean => connector.names.has(name);
  const offered = plan.streams.filter((stream) => !isThere(stream)).map(({ name }) => name);
  const asked = wanted.length > 0 ? wanted : offered;
  refusePresent(wanted, connector);
  if (asked.length === 0)
    throw new CommandError('The connector has all streams that are in it already. Nothing was added.');
  const kept = withParents(asked, plan);
  const added = offered.filter((name) => kept.has(name));
  return {
    plan: { ...plan, streams: plan.streams.filter(({ name }) => kept.has(name)) },
    added,
    asParents: added.filter((name) => !asked.includes(name)),
    present: wanted.length > 0 ? [] : plan.streams.filter(isThere).map(({ name }) => name),
  };
};

const fromDescription = async (
  openapi: string,
  wanted: readonly string[],
  connector: Connector,
): Promise<ConnectorPlan> => {
  const { planFromOpenApi } = await import('../openapi/plan-from-openapi.ts');
  if (wanted.length > 0) {
    refusePresent(wanted, connector);
    return (await planFromOpenApi(openapi, { streams: wanted })).plan;
  }
  const { candidates } = await planFromOpenApi(openapi);
  const free = candidates.map(({ name }) => name).filter((name) => !connector.names.has(name));
  if (free.length === 0) throw new CommandError(`${openapi}: the connector has all its streams already.`);
  throw new CommandError(
    `Name the streams to add. There are: ${free.slice(0, MOST_SHOWN).join(', ')}${free.length > MOST_SHOWN ? ' and more' : ''}. ` +
      `\`headwater streams list --openapi ${openapi}\` says what each of them is.`,
  );
};

const MOST_SHOWN = 30;

const fromSamples = async ({ fromResponse = [], header }: Origin, connector: Connector): Promise<ConnectorPlan> => {
  const { planFromResponses } = await import('../from-response/plan-from-responses.ts');
  const baseUrl = baseUrlOf(connector);
  return planFromResponses(fromResponse, {
    ...(baseUrl !== undefined && { baseUrl }),
    ...(header && { headers: header }),
  });
};

/** Where the connector's API is, unless its config says otherwise. */
export const baseUrlOf = (connector: Connector): string | undefined => {
  const fields = fieldsOf(connector);
  const name = /\burlBase = this\.config\.(\w+);/.exec(connector.api)?.[1] ?? 'base_url';
  const url = Object.hasOwn(fields, name) ? fields[name]?.['default'] : undefined;
  return typeof url === 'string' && /^https?:/.test(url) && URL.canParse(url) ? url.replace(/\/+$/, '') : undefined;
};

const refusePresent = (wanted: readonly string[], { names, streams }: Connector): void => {
  const present = wanted.filter((name) => names.has(name));
  if (present.length === 0) return;
  const places = present.map((name) => {
    const file = streams.find((stream) => stream.name === name)?.file;
    return `"${name}" (${file === undefined ? `schemas/${name}.json` : `src/streams/${file}.ts`})`;
  });
  const verb = present.length === 1 ? 'is' : 'are';
  throw new CommandError(
    `${places.join(', ')} ${verb} in the connector already. Nothing was added: name only streams that are not.`,
  );
};

/** The streams of these names, and those above them. */
const withParents = (asked: readonly string[], { streams }: ConnectorPlan): ReadonlySet<string> => {
  const kept = new Set<string>();
  const keep = (name: string): void => {
    const stream = streams.find((known) => known.name === name);
    if (!stream) throw unknownName(name, streams);
    kept.add(name);
    for (const value of Object.values(stream.pathParams)) {
      if (value.from === 'parent' && !kept.has(value.stream)) keep(value.stream);
    }
  };
  asked.forEach(keep);
  return kept;
};

const unknownName = (name: string, streams: readonly StreamPlan[]): CommandError => {
  const names = streams.map((stream) => stream.name);
  const near = nearest(name, names);
  const known =
    near.length > 0 ? `Did you mean ${near.join(', ')}?` : `There are: ${names.slice(0, MOST_SHOWN).join(', ')}.`;
  return new CommandError(`There is no stream "${name}". ${known}`);
};
