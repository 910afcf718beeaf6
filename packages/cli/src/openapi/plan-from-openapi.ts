import { CommandError } from '../command-error.ts';
import type { AuthPlan, ConfigField, ConnectorPlan, Guess } from '../plan/plan.ts';
import { authOf } from './auth.ts';
import { baseUrlOf, serversOf } from './base-url.ts';
import { candidatesOf, type Candidate, type LeftOut } from './candidates.ts';
import { choose, type Choice } from './choose.ts';
import { objectOf, textOf, type Description } from './description.ts';
import { pathValuesOf } from './path-values.ts';
import { readDescription } from './read-description.ts';
import { streamPlan } from './stream-plan.ts';
import { firstSentence } from '../plan/words.ts';

export interface OpenApiOptions {
  /**
   * Names of the streams to take; their parents come along.
   *
   * @default the best of those that need nothing in the config, 20 at most
   */
  readonly streams?: readonly string[];
  /**
   * Where the API is, absolute.
   *
   * @default as the description says
   */
  readonly baseUrl?: string;
  /**
   * How requests are signed.
   *
   * @default as the description says
   */
  readonly auth?: AuthPlan;
}

/** What a description gives, and why. */
export interface OpenApiPlan {
  readonly plan: ConnectorPlan;
  /** All that may become a stream, in the order of the description. */
  readonly candidates: readonly OpenApiCandidate[];
  /** The other GETs. */
  readonly leftOut: readonly LeftOut[];
}

export interface OpenApiCandidate {
  /** What to ask for in `streams`. */
  readonly name: string;
  readonly path: string;
  readonly description?: string;
  /** The stream it is a child of. */
  readonly parent?: string;
  /** The config fields it needs, also for the streams above it. */
  readonly config: readonly string[];
  readonly taken: boolean;
  /** Why it was taken, or why not. */
  readonly because: string;
}

/**
 * A plan of a connector from an OpenAPI 3.0 or 3.1 or a Swagger 2 description, JSON or YAML.
 *
 * @param source a file or a URL
 * @throws CommandError for what is no description, has no list to read, or does not have a stream that is asked for
 */
export const planFromOpenApi = async (source: string, options: OpenApiOptions = {}): Promise<OpenApiPlan> => {
  const description = await readDescription(source);
  const found = candidatesOf(description);
  if (found.all.length === 0) throw nothingToRead(source, found.leftOut);
  const { all, leftOut } = atOneServer(description, found.all);
  const valuesOf = pathValuesOf(description, all);
  const choice = choose(source, all, valuesOf, options.streams);

  const base = baseUrlOf(
    description,
    options.baseUrl === undefined ? serversFor(description, all) : [{ url: options.baseUrl }],
  );
  const auth = options.auth
    ? { auth: options.auth, guesses: [] }
    : authOf(
        description,
        choice.taken.map(({ operation }) => operation),
      );
  const linked = all.some(({ operation }) => operation.answer?.headers.includes('link'));
  const streams = await Promise.all(
    choice.taken.map((candidate) =>
      streamPlan(description, candidate, { valuesOf, taken: choice.taken, base, linked }),
    ),
  );
  const config = choice.taken.flatMap((candidate) => valuesOf(candidate).config);
  const info = objectOf(description.root['info']);
  const plan: ConnectorPlan = {
    title: firstSentence(info['title'], 60) ?? 'API',
    baseUrl: base.url,
    auth: auth.auth,
    config: distinct([...base.config, ...config]),
    streams,
    guesses: [...base.guesses, ...auth.guesses, ...common(description, all, choice, options)],
  };
  const candidates = all.map((candidate): OpenApiCandidate => {
    const { parent, config: fields } = valuesOf(candidate);
    const text = firstSentence(candidate.operation.summary);
    return {
      name: candidate.name,
      path: candidate.operation.path,
      ...(text !== undefined && { description: text }),
      ...(parent && { parent: parent.name }),
      config: distinct([...base.config, ...fields]).map(({ name }) => name),
      taken: choice.taken.includes(candidate),
      because: reason(candidate, choice),
    };
  });
  return { plan, candidates, leftOut: [...found.leftOut, ...leftOut] };
};

const reason = ({ name, list }: Candidate, { left, asParent }: Choice): string => {
  const child = asParent.get(name);
  return left.get(name) ?? (child === undefined ? list.because : `"${child}" is made of its records.`);
};

const distinct = (fields: readonly ConfigField[]): readonly ConfigField[] =>
  [...new Map(fields.toReversed().map((field) => [field.name, field])).values()].toReversed();

/** A connector has one base URL: operations at another server than most are left out. */
const atOneServer = (description: Description, all: readonly Candidate[]) => {
  const main = serverKey(serversFor(description, all));
  const isThere = ({ operation }: Candidate) =>
    serverKey(operation.servers.length > 0 ? operation.servers : serversOf(description)) === main;
  return {
    all: all.filter(isThere),
    leftOut: all
      .filter((each) => !isThere(each))
      .map(({ operation }): LeftOut => ({ path: operation.path, because: 'it is at another server than the others' })),
  };
};

const serversFor = (description: Description, all: readonly Candidate[]): readonly unknown[] => {
  const counts = new Map<string, { readonly servers: readonly unknown[]; count: number }>();
  for (const { operation } of all) {
    const servers = operation.servers.length > 0 ? operation.servers : serversOf(description);
    const known = counts.get(serverKey(servers));
    if (known) known.count += 1;
    else counts.set(serverKey(servers), { servers, count: 1 });
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count)[0]?.servers ?? [];
};

const serverKey = (servers: readonly unknown[]): string => textOf(objectOf(servers[0])['url']);

const common = (
  description: Description,
  all: readonly Candidate[],
  { taken }: Choice,
  { streams }: OpenApiOptions,
): readonly Guess[] => [
  ...(streams === undefined && taken.length < all.length
    ? [
        {
          about: 'streams',
          decided: `${taken.length} of ${all.length}`,
          because:
            'These are the ones that need least. Choose with --streams, or add some later with `headwater streams add`.',
        },
      ]
    : []),
  {
    about: 'schemas',
    decided: 'only keys are required, and no lengths, patterns or limits are kept',
    because:
      'Real APIs leave out fields and bend limits that their descriptions promise; a record is not to fail for it.',
  },
  ...(description.broken.size > 0
    ? [
        {
          about: 'references',
          decided: 'left open',
          because: `They lead nowhere: ${[...description.broken].slice(0, 10).join(', ')}.`,
        },
      ]
    : []),
];

const nothingToRead = (source: string, leftOut: readonly LeftOut[]): CommandError => {
  if (leftOut.length === 0)
    return new CommandError(
      `${source}: the description has no GET, so there is nothing to read. Write the streams by hand: headwater new without --openapi.`,
    );
  const shown = leftOut.slice(0, 20).map(({ path, because }) => `  GET ${path}: ${because}`);
  const more = leftOut.length > 20 ? [`  and ${leftOut.length - 20} more`] : [];
  return new CommandError(
    [
      `${source}: none of its ${leftOut.length} GETs answers a list of objects.`,
      ...shown,
      ...more,
      'Complete the description, or write the streams by hand: headwater new without --openapi.',
    ].join('\n'),
  );
};
