import { createServer } from 'node:https';
import type { FailureType } from '@headwater/core';
import { mockApi, temporaryFolder, type MockApi } from '@headwater/testing';
import { authority, issue } from './certificates.ts';
import { listen } from './servers.ts';

/** A fault as the orchestrator meets it: the connector is a process of its own, with real waits. */
export interface ProcessRow {
  readonly fault: string;
  readonly arrange: () => Promise<Scene>;
  readonly expect: {
    readonly exitCode: number;
    /** The ids of the records written, in order. */
    readonly records: readonly number[];
    /** The STREAM_STATUS messages of the stream, in order. */
    readonly statuses: readonly string[];
    /** The TRACE of the stream; the summary after it has the same failure type. */
    readonly error?: { readonly failureType: FailureType; readonly says: readonly string[] };
  };
  readonly user: string;
}

/** What a row puts in the connector's way: the definition of its stream, and its environment. */
export interface Scene extends AsyncDisposable {
  readonly url: string;
  readonly stream?: object;
  readonly env?: Readonly<Record<string, string>>;
  /** How many requests a server received that must not receive any. */
  readonly heard?: () => number;
}

const records = (...ids: readonly number[]) => ids.map((id) => ({ id }));

const served = async (prepare: (api: MockApi) => void, stream: object = {}): Promise<Scene> => {
  const api = await mockApi();
  prepare(api);
  return { ...api, stream };
};

/** A server whose certificate is signed by an authority that the connector is told to trust. */
const trusted = (ip: string, expired: boolean) => async (): Promise<Scene> => {
  const ca = await authority();
  const { key, cert } = await issue(ip, { ca, expired });
  let heard = 0;
  const answer = createServer({ key, cert }, (_request, response) => {
    heard++;
    response.end('{"data":[],"next":null}');
  });
  const { port, ...server } = await listen(answer);
  const folder = await temporaryFolder();
  return {
    url: `https://127.0.0.1:${port}`,
    heard: () => heard,
    env: { NODE_EXTRA_CA_CERTS: await folder.write('ca.pem', ca.cert) },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder.remove();
    },
  };
};

const FAILED = ['STARTED', 'INCOMPLETE'];
const FAILED_LATER = ['STARTED', 'RUNNING', 'INCOMPLETE'];

export const PROCESS_ROWS: readonly ProcessRow[] = [
  {
    fault: '503 for ever in the middle of paging',
    arrange: () =>
      served((api) =>
        api.on('GET /items', ({ query }) =>
          query.has('page') ? { status: 503 } : { body: { data: records(1, 2), next: '2' } },
        ),
      ),
    expect: {
      exitCode: 1,
      records: [1, 2],
      statuses: FAILED_LATER,
      error: {
        failureType: 'transient_error',
        says: ['GET https://api.example.com/items?page=2', 'was answered 5 times with 503 Service Unavailable'],
      },
    },
    user: 'The records of the pages before; the platform may simply run the sync again.',
  },
  {
    fault: 'One of three slices is never answered',
    arrange: () =>
      served(
        (api) => {
          for (const id of [1, 3]) api.on(`GET /items/${id}`, { body: { data: records(id) } });
          api.on('GET /items/2', { fault: { kind: 'stall' } });
        },
        { slices: [{ id: 1 }, { id: 2 }, { id: 3 }], timeouts: { headers: 600 }, retry: { attempts: 2 } },
      ),
    expect: {
      exitCode: 1,
      records: [1, 3],
      statuses: FAILED_LATER,
      error: {
        failureType: 'transient_error',
        says: ['GET https://api.example.com/items/2', 'slice {"id":2}', 'connected, but no answer after 0.6 s'],
      },
    },
    user: 'The records of the other slices; the message names the URL and the slice that was not answered.',
  },
  {
    fault: 'The quota is spent for a moment',
    arrange: () =>
      served((api) =>
        api.on(
          'GET /items',
          { status: 429, headers: { 'retry-after': '0.05' } },
          { body: { data: records(1, 2), next: null } },
        ),
      ),
    expect: { exitCode: 0, records: [1, 2], statuses: ['STARTED', 'RUNNING RATE_LIMITED', 'RUNNING', 'COMPLETE'] },
    user: 'All records, and that the stream waited, and until when.',
  },
  {
    fault: 'The credential is refused',
    arrange: () => served((api) => api.on('GET /items', { status: 401 })),
    expect: {
      exitCode: 1,
      records: [],
      statuses: FAILED,
      error: { failureType: 'config_error', says: ['was answered with 401 Unauthorized. Check the credentials'] },
    },
    user: 'Who has to act: the owner of the connection.',
  },
  {
    fault: 'A certificate that has expired',
    arrange: trusted('127.0.0.1', true),
    expect: {
      exitCode: 1,
      records: [],
      statuses: FAILED,
      error: { failureType: 'config_error', says: ["the server's certificate has expired"] },
    },
    user: 'What is wrong with the certificate. Nothing was sent.',
  },
  {
    fault: 'A certificate that is for another host',
    arrange: trusted('127.0.0.2', false),
    expect: {
      exitCode: 1,
      records: [],
      statuses: FAILED,
      error: { failureType: 'config_error', says: ["the server's certificate is for another host name"] },
    },
    user: 'What is wrong with the certificate. Nothing was sent.',
  },
];
