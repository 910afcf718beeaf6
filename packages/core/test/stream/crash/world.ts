import { randomOf } from './random.ts';

/** A record of the API; `slice` is the region of an event, the repository of an issue, and empty for a repository. */
export interface Item {
  readonly id: string;
  readonly slice: string;
  readonly updated_at: string;
}

export type StreamName = 'repositories' | 'events' | 'issues';

/** How the events are read, and how the issues. */
export type EventKind = 'greatest' | 'ascending' | 'windows' | 'open';
export type IssueKind = 'full' | 'incremental' | 'changed';

export interface World {
  readonly items: Readonly<Record<StreamName, readonly Item[]>>;
  readonly regions: readonly string[];
  readonly events: EventKind;
  readonly issues: IssueKind;
}

export const PAGE = 5;
export const START = '2024-01-01T00:00:00Z';
export const END = '2024-02-10T00:00:00Z';
export const STEP_DAYS = 10;
const MINUTES = (Date.parse(END) - Date.parse(START)) / 60_000;

const EVENTS: readonly EventKind[] = ['greatest', 'ascending', 'windows', 'open'];
const ISSUES: readonly IssueKind[] = ['full', 'incremental', 'changed'];

/** What one scenario reads: about 200 records, in no order, some of them changed at the same time. */
export const worldOf = (seed: number): World => {
  const below = randomOf(seed);
  const time = (): string => {
    const minute = below(4) === 0 ? below(MINUTES / 1440) * 1440 : below(MINUTES);
    return new Date(Date.parse(START) + minute * 60_000).toISOString().replace('.000Z', 'Z');
  };
  const items = (slice: string, count: number): Item[] =>
    Array.from({ length: count }, (_, index) => ({ id: `${slice || 'r'}${index}`, slice, updated_at: time() }));

  const repositories = items('', 10 + below(12));
  const regions = Array.from({ length: 3 + below(4) }, (_, index) => `region${index}-`);
  return {
    items: {
      repositories,
      events: regions.flatMap((region) => items(region, 5 + below(35))),
      issues: repositories.flatMap(({ id }) => items(`${id}-`, below(13)).map((item) => ({ ...item, slice: id }))),
    },
    regions,
    events: EVENTS[seed % EVENTS.length]!,
    issues: ISSUES[Math.floor(seed / EVENTS.length) % ISSUES.length]!,
  };
};

/** The same record wherever and however often it comes. */
export const keyOf = (stream: string, id: unknown): string => `${stream}/${String(id)}`;
