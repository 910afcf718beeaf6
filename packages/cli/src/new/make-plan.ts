import { CommandError } from '../command-error.ts';
import type { ConnectorPlan, Guess } from '../plan/plan.ts';
import type { NewOptions } from './options.ts';

/** A plan, and what else there was to choose from. */
export interface Found {
  readonly plan: ConnectorPlan;
  readonly choices: readonly StreamChoice[];
}

export interface StreamChoice {
  readonly name: string;
  /** Such as its path. */
  readonly hint: string;
  /** Whether it is in the plan. */
  readonly taken: boolean;
}

/**
 * The plan that the options ask for. What flags say holds against what a description or an answer says.
 *
 * @param title of a connector that is made from a URL; the other kinds find their own
 */
export const makePlan = async (options: NewOptions, title: string): Promise<Found> => {
  const { plan, choices } = await findPlan(options, title);
  const { auth, pagination, streams } = options;
  return {
    choices: choices ?? plan.streams.map(({ name, path }) => ({ name, hint: path, taken: true })),
    plan: {
      ...plan,
      guesses: guessedStill(plan.guesses, 'auth', auth),
      ...(options.title !== undefined && { title: options.title }),
      ...(auth && { auth }),
      streams: (choices || !streams ? plan.streams : only(streams, plan)).map((stream) => ({
        ...stream,
        guesses: guessedStill(stream.guesses, 'pagination', pagination),
        ...(pagination && { pagination }),
      })),
    },
  };
};

/** What a flag has said is no guess. */
const guessedStill = (guesses: readonly Guess[], about: string, said: unknown): readonly Guess[] =>
  said === undefined ? guesses : guesses.filter((guess) => guess.about !== about);

/** With `choices` where the streams of the plan are chosen already. */
const findPlan = async (
  options: NewOptions,
  title: string,
): Promise<{ readonly plan: ConnectorPlan; readonly choices?: readonly StreamChoice[] }> => {
  const { kind, openapi, fromResponse, streams, baseUrl, auth, pagination, header: headers } = options;
  const place = baseUrl === undefined ? {} : { baseUrl };
  if (kind === 'openapi') {
    if (openapi === undefined) throw new CommandError('--kind openapi needs the description: --openapi FILE or URL.');
    const { planFromOpenApi } = await import('../openapi/plan-from-openapi.ts');
    const asked = { ...place, ...(auth && { auth }), ...(streams && { streams }) };
    const { plan, candidates } = await planFromOpenApi(openapi, asked);
    return { plan, choices: candidates.map(({ name, path, taken }) => ({ name, hint: path, taken })) };
  }
  if (kind === 'from-response') {
    if (!fromResponse) throw new CommandError('--kind from-response needs an answer: --from-response FILE or URL.');
    const { planFromResponses } = await import('../from-response/plan-from-responses.ts');
    return { plan: await planFromResponses(fromResponse, { ...place, ...(headers && { headers }) }) };
  }
  const { starterPlan } = await import('../generate/starter-plan.ts');
  return { plan: starterPlan({ title, ...place, ...(auth && { auth }), ...(pagination && { pagination }) }) };
};

/** The streams of these names, and the parents without which there is nothing to ask for. */
const only = (wanted: readonly string[], { streams }: ConnectorPlan): ConnectorPlan['streams'] => {
  const kept = new Set<string>();
  const keep = (name: string): void => {
    const stream = streams.find((known) => known.name === name);
    if (!stream) {
      const known = streams.map((each) => each.name).join(', ');
      throw new CommandError(`--streams: there is no stream "${name}". Known: ${known}.`);
    }
    kept.add(name);
    for (const value of Object.values(stream.pathParams)) {
      if (value.from === 'parent' && !kept.has(value.stream)) keep(value.stream);
    }
  };
  wanted.forEach(keep);
  return streams.filter(({ name }) => kept.has(name));
};
