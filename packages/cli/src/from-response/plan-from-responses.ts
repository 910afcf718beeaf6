import { CommandError } from '../command-error.ts';
import type { AuthPlan, ConfigField, ConnectorPlan, Guess } from '../plan/plan.ts';
import { singular } from '../plan/words.ts';
import type { Answer, PlacedAnswer } from './answer.ts';
import { guessPrimaryKey } from './keys.ts';
import { snakeName, titleOfHost, uniqueName } from './names.ts';
import { parseHeaders } from './parse-headers.ts';
import { pathParamsOf, type PathParams } from './path-params.ts';
import { groupByPath, groupByTemplate, sharedSegments, type Resource } from './paths.ts';
import { readSource } from './read-source.ts';
import { findRecords, recordsAt } from './record-place.ts';
import { Redactor } from './redact.ts';
import { distinct, streamPlanOf, type KnownStream } from './stream-plan.ts';

export interface FromResponsesOptions {
  /**
   * Sent with the requests to URLs, each as `Name: value`. Their values are in no plan, example or message.
   *
   * @default none
   */
  readonly headers?: readonly string[];
  /** What people call the API. @default by the host, e.g. `Acme` of `api.acme.com` */
  readonly title?: string;
  /** For answers that do not tell where they came from. @default 'https://api.example.com' */
  readonly baseUrl?: string;
}

const NOWHERE = 'https://api.example.com';

/**
 * Plans a connector from sample answers: URLs, JSON files, saved answers with headers (`curl -i`), HAR files. Answers of
 * one path are pages of one stream.
 *
 * @throws CommandError that names the source, where it is wrong, and the remedy
 */
export const planFromResponses = async (
  sources: readonly string[],
  { headers = [], title, baseUrl = NOWHERE }: FromResponsesOptions = {},
): Promise<ConnectorPlan> => {
  if (sources.length === 0)
    throw new CommandError('No sample was given. Name a URL, a file with an answer, or a HAR file.');
  if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl)) {
    throw new CommandError(
      `The base URL ${JSON.stringify(baseUrl)} is not absolute. Give one such as https://api.example.com/v1.`,
    );
  }
  const sent = parseHeaders(headers);
  const samples = [];
  for (const source of sources) samples.push(await readSource(source, sent));
  const leftOut = samples.flatMap((sample) => sample.leftOut);

  const placed = samples.flatMap(({ answers }) => answers).map((answer) => place(answer, baseUrl));
  const main = mainOrigin(placed);
  leftOut.push(...placed.filter(({ url }) => url.origin !== main).map(({ label }) => `${label} is of another host.`));
  const answers = placed.filter(({ url }) => url.origin === main);
  const groups = groupByPath(answers);
  const skip = sharedSegments(groups);
  const streams = streamsOf(groupByTemplate(groups), skip, leftOut);
  if (streams.length === 0) {
    throw new CommandError(
      `${sources.join(', ')}: no records found: there is no list of objects with anything in it. ${leftOut.slice(0, 3).join(' ')} ` +
        'Give an answer that has records.',
    );
  }

  const redactor = new Redactor();
  const paths = streams.map((stream) =>
    pathParamsOf(named(stream), streams.filter((other) => other !== stream).map(named), { skip, redactor }),
  );
  const prefix = groups[0]?.segments.slice(0, skip).map((segment) => `/${encodeURIComponent(segment)}`) ?? [];
  const base = `${main}${prefix.join('')}`;
  const auth = authOf(
    answers,
    samples.some(({ isHar }) => isHar === true),
  );
  const isPlaced = samples.some(({ answers: all }) => all.some(({ url }) => url !== undefined));
  return {
    title: title ?? titleOfHost(new URL(main).hostname),
    baseUrl: base,
    auth: auth.plan,
    config: configOf(paths),
    streams: streams.map((stream, index) => streamPlanOf(stream, paths[index]!)),
    guesses: [baseGuess(base, { isPlaced, isGiven: baseUrl !== NOWHERE }), auth.guess, ...leftOutGuess(leftOut)],
  };
};

const named = ({ name, resource, primaryKey }: KnownStream) => ({ name, resource, primaryKey: primaryKey.field });

/** An answer that tells no URL is of a path named as its file. */
const place = (answer: Answer, baseUrl: string): PlacedAnswer => ({
  ...answer,
  url: answer.url ?? new URL(`${baseUrl.replace(/\/+$/, '')}/${snakeName(answer.name)}`),
});

/** The origin with the most answers that have records. */
const mainOrigin = (answers: readonly PlacedAnswer[]): string => {
  const counts = new Map<string, number>();
  for (const { url, body } of answers) {
    const found = findRecords([body], { resource: '' });
    counts.set(url.origin, (counts.get(url.origin) ?? 0) + (found?.isList ? 100 : found ? 1 : 0));
  }
  const [[origin] = ['']] = [...counts].toSorted(([, one], [, other]) => other - one);
  return origin;
};

const streamsOf = (resources: readonly Resource[], skip: number, leftOut: string[]): readonly KnownStream[] => {
  const hasLists = resources.some(({ groups }) =>
    groups.some((group) => group.place?.isList && group.records.length > 0),
  );
  const streams: KnownStream[] = [];
  const taken = new Set<string>();
  for (const resource of resources) {
    const words = resource.template.slice(skip).filter((segment) => segment !== undefined);
    const all = resource.groups.flatMap(({ answers }) => answers);
    const isDetail = resource.template.at(-1) === undefined && resource.template.length > 0;
    const last = resource.template.findLast((segment) => segment !== undefined) ?? '';
    const found = findRecords(
      all.map(({ body }) => body),
      { resource: last, isDetail },
    );
    const given = found ? distinct(all.flatMap(({ body }) => recordsAt(body, found))) : undefined;
    const label = all[0]?.label ?? '';
    if (!found || !given || given.records.length === 0) {
      leftOut.push(`${label} has no records.`);
    } else if (hasLists && !found.isList && !isDetail) {
      leftOut.push(`${label} is one object, no list.`);
    } else {
      const own = snakeName(words.at(-1) ?? all[0]?.name ?? 'records');
      const name = uniqueName(isDetail && !found.isList ? `${singular(own)}_details` : own, words.slice(0, -1), taken);
      taken.add(name);
      streams.push({
        name,
        resource,
        place: found,
        ...given,
        primaryKey: guessPrimaryKey(given.records, given.shape, name),
      });
    }
  }
  return streams;
};

const authOf = (answers: readonly Answer[], isHar: boolean): { readonly plan: AuthPlan; readonly guess: Guess } => {
  const about = 'auth';
  const plan = answers.find(({ auth }) => auth !== undefined)?.auth;
  if (plan) {
    const how =
      plan.kind === 'api-key'
        ? `the ${plan.in === 'query' ? 'parameter' : 'header'} ${plan.name}`
        : 'the header Authorization';
    const scheme = plan.kind === 'bearer' && plan.scheme !== undefined ? `${plan.kind} (${plan.scheme})` : plan.kind;
    const because = `The requests were signed in ${how}; the value was not kept.`;
    return {
      plan,
      guess: { about, decided: scheme, because: `${because} A token may come from OAuth: the samples cannot tell.` },
    };
  }
  const har = isHar ? ' Browsers leave credentials and cookies out of HAR files, unless asked not to.' : '';
  return { plan: { kind: 'none' }, guess: { about, decided: 'none', because: `No request shows a credential.${har}` } };
};

const baseGuess = (
  base: string,
  { isPlaced, isGiven }: { readonly isPlaced: boolean; readonly isGiven: boolean },
): Guess => {
  const because = isPlaced
    ? 'What the URLs of all samples begin with, and no part of which names a resource.'
    : isGiven
      ? 'It was given.'
      : 'The samples do not tell where they came from: correct it.';
  return { about: 'base URL', decided: base, because };
};

const leftOutGuess = (leftOut: readonly string[]): readonly Guess[] =>
  leftOut.length === 0
    ? []
    : [{ about: 'samples', decided: `${leftOut.length} left out`, because: leftOut.slice(0, 20).join(' ') }];

/** Fields of the same name are one field. */
const configOf = (paths: readonly PathParams[]): readonly ConfigField[] => [
  ...new Map(paths.flatMap(({ config }) => config).map((field) => [field.name, field])).values(),
];
