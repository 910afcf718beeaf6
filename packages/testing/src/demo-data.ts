import { randomNumbers } from './random-numbers.ts';

/** All that the demo API knows. The same seed gives the same data, to the last digit. */
export interface DemoData {
  readonly repositories: readonly DemoRepository[];
  /** In the order of `updated_at`, some of them at the same second. */
  readonly issues: readonly DemoIssue[];
  /** By name of the repository, newest first. */
  readonly commits: ReadonlyMap<string, readonly DemoCommit[]>;
}

export interface DemoRepository {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  readonly owner: Person & { readonly id: number };
  readonly private: boolean;
  readonly language: string | null;
  readonly topics: readonly string[];
  readonly license: { readonly key: string; readonly name: string } | null;
  readonly stars: number;
  readonly created_at: string;
  readonly pushed_at: string | null;
}

export interface DemoIssue {
  readonly id: number | bigint;
  readonly number: number;
  readonly repository: string;
  readonly title: string;
  readonly body: string | null;
  readonly state: 'open' | 'closed';
  readonly author: Person;
  readonly assignee: Person | null;
  readonly labels: readonly { readonly name: string; readonly color: string }[];
  readonly comments: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly closed_at: string | null;
}

export interface DemoCommit {
  readonly sha: string;
  readonly repository: string;
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string; readonly date: string };
  readonly stats: { readonly additions: number; readonly deletions: number };
  readonly parents: readonly { readonly sha: string }[];
  readonly verified: boolean | null;
}

interface Person {
  readonly login: string;
  readonly name: string;
}

const ISSUES = 240;
/** The issue whose id a double cannot hold: 2^53 + 1. */
const LARGE_ID = { index: 100, id: 9_007_199_254_740_993n };
const YEAR = Date.parse('2026-01-01T00:00:00Z');
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

type AtLeastOne<T> = readonly [T, ...T[]];

const PEOPLE: AtLeastOne<Person> = [
  { login: 'amina', name: 'Amina Yılmaz' },
  { login: 'bjorn', name: 'Björn Åkesson' },
  { login: 'chen', name: '陈思远' },
  { login: 'dolores', name: 'Dolores Peña' },
  { login: 'eoin', name: 'Eoin Ó Briain' },
  { login: 'fatima', name: 'فاطمة الزهراء' },
];
const REPOSITORIES: AtLeastOne<readonly [name: string, description: string | null]> = [
  ['atlas', 'Maps for places that move 🗺️'],
  ['beacon', 'Tells a ship where it is'],
  ['cartouche', 'Écrit des légendes pour les cartes'],
  ['dredge', null],
  ['estuary', 'Where rivers of records meet the sea'],
  ['ferry', 'Carries files between two shores'],
  ['gauge', 'Misst den Pegel, Tag und Nacht'],
  ['harbour', 'Keeps boats until morning'],
  ['isobath', null],
  ['jetty', '荷物の積み下ろし'],
  ['keel', 'Keeps "everything" upright'],
  ['lagoon', 'Still water, many reflections'],
];
const LABELS = [
  { name: 'bug', color: 'd73a4a' },
  { name: 'question', color: 'cc317c' },
  { name: 'naïve', color: '0e8a16' },
] as const;
const LICENSES = [null, { key: 'mit', name: 'MIT License' }, { key: 'isc', name: 'ISC License' }] as const;
const SUBJECTS = ['the tide table', 'a depth of zero', 'très long names', 'the pilot’s log', 'two anchors'] as const;
const VERBS = ['Count', 'Draw', 'Forget', 'Repair', 'Translate'] as const;

/** Invents twelve repositories, 240 issues, and 20 to 60 commits a repository, all of the year 2026. */
export const demoData = (seed: number): DemoData => {
  const next = randomNumbers(seed);
  const below = (end: number): number => Math.floor(next() * end);
  const pick = <T>(items: AtLeastOne<T>): T => {
    const item = items[below(items.length)];
    // Not `??`: null is one of the values to pick.
    return item === undefined ? items[0] : item;
  };
  const sentence = (): string => `${pick(VERBS)} ${pick(SUBJECTS)}`;
  const hex = (length: number): string => Array.from({ length }, () => below(16).toString(16)).join('');

  const repositories = REPOSITORIES.map(([name, description], index): DemoRepository => {
    const owner = below(PEOPLE.length);
    const created = YEAR + below(20 * 1440) * MINUTE;
    return {
      id: 1001 + index,
      name,
      description,
      owner: { id: 1 + owner, ...(PEOPLE[owner] ?? PEOPLE[0]) },
      private: below(4) === 0,
      language: pick([null, 'TypeScript', 'Rust', 'C++']),
      topics: ['water', 'météo', 'maps', 'boats'].filter(() => below(2) === 0),
      license: pick(LICENSES),
      stars: below(5000),
      created_at: timestamp(created),
      pushed_at: below(6) === 0 ? null : timestamp(created + below(200 * 1440) * MINUTE),
    };
  });

  let updated = YEAR + 21 * DAY;
  const numbers = new Map<string, number>();
  const issues = Array.from({ length: ISSUES }, (_, index): DemoIssue => {
    // Every eighth issue shares its second with the one before: a reader must not lose it at the border of a page.
    if (index % 8 !== 0) updated += (1 + below(1400)) * MINUTE;
    const [repository] = pick(REPOSITORIES);
    const number = (numbers.get(repository) ?? 0) + 1;
    numbers.set(repository, number);
    const closed = below(3) === 0;
    return {
      id: index === LARGE_ID.index ? LARGE_ID.id : 5_000_000 + index * 7,
      number,
      repository,
      title: sentence(),
      body: below(5) === 0 ? null : `${sentence()}.\n\n> "${sentence()}" \\ ${pick(PEOPLE).name}`,
      state: closed ? 'closed' : 'open',
      author: pick(PEOPLE),
      assignee: below(2) === 0 ? null : pick(PEOPLE),
      labels: LABELS.filter(() => below(3) === 0),
      comments: below(30),
      created_at: timestamp(updated - below(20 * 1440) * MINUTE),
      updated_at: timestamp(updated),
      closed_at: closed ? timestamp(updated) : null,
    };
  });

  const commits = new Map(
    repositories.map(({ name, created_at }) => {
      const shas = Array.from({ length: 20 + below(41) }, () => hex(40));
      let time = Date.parse(created_at);
      const oldestFirst = shas.map((sha, index): DemoCommit => {
        const { login, name: author } = pick(PEOPLE);
        const parent = shas[index - 1];
        time += (1 + below(4000)) * MINUTE;
        return {
          sha,
          repository: name,
          message: below(4) === 0 ? `${sentence()}\n\nReviewed by ${pick(PEOPLE).name}` : sentence(),
          author: { name: author, email: `${login}@example.com`, date: timestamp(time) },
          stats: { additions: below(900), deletions: below(400) },
          parents: parent === undefined ? [] : [{ sha: parent }],
          verified: pick([true, false, null]),
        };
      });
      return [name, oldestFirst.toReversed()] as const;
    }),
  );

  return { repositories, issues, commits };
};

const timestamp = (milliseconds: number): string => new Date(milliseconds).toISOString().replace('.000Z', 'Z');
