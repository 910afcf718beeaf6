import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mockApi, type MockApi, type Reply } from '@headwater/testing';

/** Of the npm package of recorded answers by which GitHub's own clients are tested. */
const RECORDED = '@octokit/fixtures/scenarios/api.github.com/paginate-issues/normalized-fixture.json';
export const GITHUB = 'https://api.github.com';
export const REPOSITORY = 'octokit-fixture-org/paginate-issues';
export const TOKEN = '0000000000000000000000000000000000000001';

interface Recorded {
  readonly path: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly response: readonly { readonly number: number; readonly updated_at: string }[];
}

/** Five pages of issues as the real GitHub sent them, linked by `Link` headers. */
const pages = JSON.parse(readFileSync(createRequire(import.meta.url).resolve(RECORDED), 'utf8')) as readonly Recorded[];
export const ISSUES = pages.flatMap(({ response }) => response);

const userOf = (id: number) => ({ id, login: `user-${id}`, type: 'User', site_admin: false });
const stampOf = (minute: number) => new Date(Date.UTC(2017, 9, 10, 14, minute)).toISOString().replace('.000Z', 'Z');

/** In the documented form, since nobody has recorded any; the newest first, as they are asked for. */
export const PULL_REQUESTS = [3, 2, 1].map((number) => ({
  id: 2000 + number,
  number: 100 + number,
  url: `${GITHUB}/repos/${REPOSITORY}/pulls/${100 + number}`,
  title: `Pull request ${number}`,
  state: number === 1 ? 'closed' : 'open',
  draft: number === 2,
  user: userOf(1000),
  labels: [],
  head: { label: `org:branch-${number}`, ref: `branch-${number}`, sha: `${number}`.repeat(40), user: userOf(1000) },
  base: { label: 'org:main', ref: 'main', sha: '0'.repeat(40), user: userOf(1000) },
  created_at: stampOf(number),
  updated_at: stampOf(20 + number),
  closed_at: number === 1 ? stampOf(21) : null,
  merged_at: null,
}));

/** The same: none, one or two for each issue. */
export const commentsOf = (issue: number) =>
  Array.from({ length: issue % 3 }, (_, index) => ({
    id: issue * 10 + index,
    issue_url: `${GITHUB}/repos/${REPOSITORY}/issues/${issue}`,
    body: `Comment ${index + 1} on issue ${issue}`,
    user: userOf(1000 + index),
    author_association: 'MEMBER',
    created_at: stampOf(30 + index),
    updated_at: stampOf(40 + index),
  }));

/** What belongs to the connection it was recorded on, not to the answer. */
const OF_THE_CONNECTION = new Set(['connection', 'content-length', 'transfer-encoding', 'date']);

/** GitHub on the loopback interface, for one repository. */
export const githubServer = async (): Promise<MockApi> => {
  const api = await mockApi({ strict: false, auth: { kind: 'bearer', token: TOKEN } });
  const recorded = ({ status, headers, response }: Recorded): Reply => {
    const kept = Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.has(name));
    const served = kept.map(([name, value]) => [name, String(value).replaceAll(GITHUB, api.url)] as const);
    return { status, headers: Object.fromEntries(served), body: response };
  };
  const paging = { kind: 'linkHeader', pageSize: 30, sizeParam: 'per_page', maxPageSize: 100 } as const;

  // It was recorded with three in a page and without `since`: the first page stands for any size, and its links lead on.
  api.on(`GET /repos/${REPOSITORY}/issues`, ({ query }) => {
    const since = query.get('since') ?? '';
    return ISSUES.some(({ updated_at }) => updated_at >= since) ? recorded(pages[0]!) : { body: [] };
  });
  api.on('GET /repositories/1000/issues', ({ path, query }) => {
    const page = pages.find((each) => each.path === `${path}?${query.toString()}`);
    return page ? recorded(page) : { status: 404, body: { message: 'Not Found' } };
  });
  api.collection(`GET /repos/${REPOSITORY}/pulls`, { items: PULL_REQUESTS, paging });
  api.collection(`GET /repos/${REPOSITORY}/issues/:number/comments`, {
    items: ({ params }) => commentsOf(Number(params['number'])),
    paging,
    since: { param: 'since', field: 'updated_at' },
  });
  api.on(`GET /repos/octokit-fixture-org/no-such-repository/issues`, { status: 404, body: { message: 'Not Found' } });
  return api;
};
