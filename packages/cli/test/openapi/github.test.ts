import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { planFromOpenApi } from '../../src/openapi/index.ts';
import { expectSound } from './invariants.ts';

const MODULES = process.env['HEADWATER_OPENAPI_MODULES'];
const FILE = join(MODULES ?? '', '@octokit/openapi/generated/api.github.com.json');

/** Its description has 13 MB: too many for a dependency of this repository. */
const onGithub = MODULES === undefined || MODULES === '' ? test.skip : test;
if (onGithub === test.skip)
  console.warn('GitHub is skipped: HEADWATER_OPENAPI_MODULES names no folder with @octokit/openapi.');

const ORG = { from: 'parent', stream: 'user_orgs', field: 'login' };
const REPO = { from: 'parent', stream: 'org_repos', field: 'name' };

onGithub(
  'makes a sound plan of hundreds of candidates',
  async () => {
    const found = await planFromOpenApi(FILE);
    expectSound(found);
    expect(found.candidates.length).toBeGreaterThan(300);
    expect(found.plan.baseUrl).toBe('https://api.github.com');
    expect(found.plan.streams).toHaveLength(20);
    expect(found.plan.config).toEqual([]);
  },
  60_000,
);

onGithub(
  'reads issues and their comments as children of repositories',
  async () => {
    const found = await planFromOpenApi(FILE, { streams: ['issue_comments', 'repo_commits'] });
    expectSound(found);
    const streams = new Map(found.plan.streams.map((stream) => [stream.name, stream]));
    expect([...streams.keys()].toSorted()).toEqual([
      'issue_comments',
      'org_repos',
      'repo_commits',
      'repo_issues',
      'user_orgs',
    ]);
    expect(streams.get('repo_issues')).toMatchObject({
      path: '/repos/{owner}/{repo}/issues',
      pathParams: { owner: ORG, repo: REPO },
      recordsPath: '$[*]',
      primaryKey: 'id',
      cursorField: 'updated_at',
      sinceParam: 'since',
      query: { state: 'all', per_page: 100 },
      pagination: { kind: 'linkHeader', options: {} },
    });
    expect(streams.get('issue_comments')?.pathParams).toEqual({
      owner: ORG,
      repo: REPO,
      issue_number: { from: 'parent', stream: 'repo_issues', field: 'number' },
    });
    expect(streams.get('repo_commits')).toMatchObject({ primaryKey: 'sha' });
    expect(streams.get('user_orgs')).toMatchObject({ path: '/user/orgs', pathParams: {} });
  },
  60_000,
);

onGithub(
  'makes a sound plan of candidates from everywhere',
  async () => {
    const { candidates } = await planFromOpenApi(FILE, { streams: ['gists'] });
    const some = candidates.map(({ name }) => name).filter((_, at) => at % 6 === 0);
    expectSound(await planFromOpenApi(FILE, { streams: some }));
  },
  120_000,
);
