import { join } from 'node:path';
import type { HttpRequest } from '@headwater/core';
import { fileNameOf, type RecordedRequest } from './format.ts';
import type { Library, Recorded } from './library.ts';
import { differencesOf } from './request-key.ts';

interface Place {
  readonly directory: string;
  /** Why the cassettes that are incomplete are so, by their paths. */
  readonly incomplete: ReadonlyMap<string, string>;
}

/** What to say when a request was recorded, but fewer times than it is asked. */
export const spent = (asked: RecordedRequest, request: HttpRequest, times: number, place: Place): string =>
  `${named(asked, request)} is asked more often than it was recorded (${times} ${times === 1 ? 'time' : 'times'}). ` +
  `${incompleteness(place)}${RECORD}.`;

/** What to say when a request was not recorded: which one is nearest, and what differs. */
export const missing = (asked: RecordedRequest, request: HttpRequest, library: Library, place: Place): string => {
  const all = library.all();
  const own = join(place.directory, fileNameOf(request.sender?.stream));
  const nearest = nearestTo(asked, all, library, own);
  const seen = all.length === 0 ? `There is no cassette in ${place.directory}. ` : '';
  if (!nearest) return `${named(asked, request)} was not recorded. ${seen}${incompleteness(place)}${RECORD}.`;
  const { recorded, differences } = nearest;
  const { method, url } = recorded.interaction.request;
  const parameters = differences.flatMap((difference) => /^(?:query|body) ([^ ]+) \(/.exec(difference)?.[1] ?? []);
  const remedy =
    parameters.length === differences.length && parameters.length > 0
      ? `${RECORD}; or, where that is new in every run, set HEADWATER_CASSETTE_IGNORE=${parameters.join(',')}.`
      : `${RECORD}.`;
  return (
    `${named(asked, request)} was not recorded. The nearest one is ${method} ${url} in ${recorded.path}; ` +
    `different: ${differences.join('; ')}. ${incompleteness(place)}${remedy}`
  );
};

const RECORD = 'Record it: HEADWATER_CASSETTE=record, with the same config, catalog and state';

/** Without what the config holds for secrets: the URL is the redacted one. */
const named = ({ method, url }: RecordedRequest, { sender }: HttpRequest): string =>
  `${method} ${url}${sender?.label === undefined ? '' : ` (${sender.label})`}`;

const incompleteness = ({ incomplete }: Place): string =>
  [...incomplete].map(([path, why]) => `The cassette ${path} is incomplete: ${why}. `).join('');

/** A path that differs makes two requests less alike than any parameter. */
const PATH_WEIGHT = 5;

const nearestTo = (asked: RecordedRequest, all: readonly Recorded[], library: Library, own: string) => {
  let best: { readonly recorded: Recorded; readonly differences: string[]; readonly distance: number } | undefined;
  for (const recorded of all) {
    const { request } = recorded.interaction;
    const differences = differencesOf(library.partsFor(request, recorded.path), library.partsFor(asked, recorded.path));
    const paths = differences.filter((difference) => /^(?:path|method) /.test(difference)).length;
    const distance = differences.length + paths * PATH_WEIGHT + (recorded.path === own ? 0 : 0.5);
    if (differences.length > 0 && (!best || distance < best.distance)) best = { recorded, differences, distance };
  }
  return best;
};
