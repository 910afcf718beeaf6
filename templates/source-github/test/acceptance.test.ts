import { afterAll, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { standardSourceSuite } from '@headwater/testing';
import { GITHUB, ISSUES, PULL_REQUESTS, REPOSITORY, TOKEN, commentsOf, githubServer } from './github-server.ts';

// The suite replays the cassettes. With HEADWATER_CASSETTE=record it makes them anew: of the recorded answers of GitHub,
// which this server has, in place of those of an account that others could not ask.
const isRecording = process.env['HEADWATER_CASSETTE'] === 'record';
const server = isRecording ? await githubServer() : undefined;

standardSourceSuite(fileURLToPath(new URL('../dist/main.js', import.meta.url)), {
  test,
  config: { token: TOKEN, repositories: [REPOSITORY], base_url: GITHUB },
  cassettes: fileURLToPath(new URL('../cassettes', import.meta.url)),
  expectedRecords: {
    issues: ISSUES.length,
    pull_requests: PULL_REQUESTS.length,
    comments: ISSUES.flatMap(({ number }) => commentsOf(number)).length,
  },
  states: 2,
  positions: 2,
  ...(server && {
    env: { HEADWATER_CASSETTE_ORIGIN: server.url },
    // It is not recorded, so it would ask GitHub itself.
    skip: ['check-refuses-wrong-config'],
  }),
});

if (server) afterAll(() => server.close());
