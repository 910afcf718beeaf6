import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { mockApi, type MockApi } from '../../src/mock-api.ts';
import { runConnector } from '../../src/run-connector.ts';
import type { RunOptions } from '../../src/start-connector.ts';
import { temporaryFolder, type TemporaryFolder } from '../../src/temporary-folder.ts';

export const CONNECTOR = fileURLToPath(new URL('connector.mjs', import.meta.url));

export const CLIENT_SECRET = 'client+secret/"of" the config';
export const REFRESH_TOKEN = 'rt-0123456789-config';
const ACCESS_TOKEN = 'at-abcdefghijkl-granted';

export const EMAILS = ['ada@corp.test', 'bob@corp.test', 'cyd@corp.test', 'dan@corp.test'];

/** A user's number is beyond what a double can hold, and one note quotes another user's address. */
const userOf = (n: number) => ({
  id: 9_007_199_254_740_993n + BigInt(n),
  email: EMAILS[n],
  updated_at: `2026-01-0${n + 1}T00:00:00Z`,
  note: n === 0 ? `knows ${EMAILS[3]} well` : null,
});

/** Two pages of users, the posts of each, tokens; the first answers are 429, 503 and, for a child, 500. */
export const exampleApi = async (): Promise<MockApi> => {
  const api = await mockApi();
  let limited = 0;
  const failed = new Set<string>();
  api.on('POST /token', ({ body }) =>
    body.includes('grant_type=refresh_token')
      ? { body: { access_token: ACCESS_TOKEN, refresh_token: 'rt-9876543210-rotated', expires_in: 3600 } }
      : { status: 400, body: { error: 'invalid_request' } },
  );
  api.on('GET /users', ({ query, headers }) => {
    if (headers.authorization !== `Bearer ${ACCESS_TOKEN}`) return { status: 401, body: { error: 'who are you' } };
    if (limited++ === 0) return { status: 429, headers: { 'retry-after': '0.01', 'set-cookie': 'sid=c00kie-value' } };
    if (limited === 2) return { status: 503, body: 'busy' };
    const since = query.get('since');
    const users = [0, 1, 2, 3].map(userOf).filter((user) => since === null || user.updated_at >= since);
    const page = Number(query.get('page') ?? 1);
    const next = page * 2 < users.length ? `${api.url}/users?page=${page + 1}` : null;
    return {
      headers: { 'x-auth-token': 'header-token-777' },
      body: { data: users.slice(page * 2 - 2, page * 2), next },
    };
  });
  api.on('GET /users/:email/posts', ({ params }) => {
    const email = params['email'] ?? '';
    if (!failed.has(email)) {
      failed.add(email);
      return { status: 500, body: { error: 'once' } };
    }
    return { body: [1, 2].map((id) => ({ id, email, title: `post ${id} of ${email}` })) };
  });
  return api;
};

export interface RunCall {
  readonly env: RunOptions['env'];
  readonly command?: string;
  readonly streams?: readonly string[];
  readonly config?: object;
  readonly state?: unknown;
  readonly options?: RunOptions;
}

/** Writes what a run of the connector needs, and gives its arguments. */
export const argsOf = async (folder: TemporaryFolder, url: string, call: RunCall): Promise<string[]> => {
  const { command = 'read', streams = ['users', 'posts'], config, state } = call;
  const whole = { base_url: `${url}/`, client_secret: CLIENT_SECRET, refresh_token: REFRESH_TOKEN, ...config };
  const catalog = {
    streams: streams.map((name) => ({
      stream: { name, json_schema: {}, supported_sync_modes: ['full_refresh', 'incremental'] },
      sync_mode: name === 'users' ? 'incremental' : 'full_refresh',
      destination_sync_mode: 'append',
    })),
  };
  const args = [command, '--config', await folder.write('config.json', whole)];
  if (command === 'read') args.push('--catalog', await folder.write('catalog.json', catalog));
  if (state !== undefined) args.push('--state', await folder.write('state.json', state));
  return args;
};

export const run = async (folder: TemporaryFolder, url: string, call: RunCall) => {
  const env = { HEADWATER_CASSETTE_DIR: join(folder.path, 'cassettes'), ...call.env };
  return runConnector(CONNECTOR, await argsOf(folder, url, call), { ...call.options, env });
};

/** Every file of the folder of cassettes, by its name. */
export const filesIn = async (folder: TemporaryFolder): Promise<Record<string, string>> => {
  const directory = join(folder.path, 'cassettes');
  const names = (await readdir(directory)).toSorted();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name), 'utf8')] as const)),
  );
};

export { temporaryFolder };

/** Lines of stdout of one type, without what says when it was. */
export const linesOf = (stdout: string, type: string): string[] =>
  stdout
    .split('\n')
    .filter((line) => line.includes(`"type":"${type}"`))
    .map((line) => line.replace(/"emitted_at":\d+/g, '"emitted_at":0'))
    .toSorted();
