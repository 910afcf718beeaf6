import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SseStream, type JsonObject } from '@headwater/core';
import type { SseEvent } from '../../src/parse/sse.ts';
import { quick } from '../http/quick.ts';
import { run } from './run.ts';

interface Events extends AsyncDisposable {
  readonly url: string;
  readonly lastIds: (string | undefined)[];
}

/** A server that answers each connection by the next of `answers`, the last one for all that follow. */
const serve = async (
  ...answers: readonly ((response: ServerResponse, request: IncomingMessage) => void)[]
): Promise<Events> => {
  const lastIds: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(lastIds.length, answers.length - 1)]!;
    lastIds.push(request.headers['last-event-id'] as string | undefined);
    answer(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lastIds,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

const say = (response: ServerResponse, text: string): ServerResponse => {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(text);
  return response;
};

const event = (id: number, more = ''): string => `id: ${id}\n${more}data: {"id":${id}}\n\n`;

const gone = (response: ServerResponse): void => void response.writeHead(204).end();

class Changes extends SseStream {
  override readonly name: string = 'changes';
  readonly urlBase: string;

  constructor(urlBase: string) {
    super();
    this.urlBase = urlBase;
  }

  path() {
    return 'events';
  }
}

test('emits the data of each event, and the id of the last one as the state', async () => {
  await using api = await serve((response) => void say(response, `${event(1)}${event(2)}: a comment\n\n`), gone);
  class Two extends Changes {
    override readonly maxEvents = 2;
  }
  const { ids, error, lastState } = await run(new Two(api.url), { incremental: true });

  expect(error).toBeUndefined();
  expect(ids).toEqual([1, 2]);
  expect(lastState).toEqual({ last_event_id: '2', headwater: { version: 1, turn: 2 } });
});

test('goes on after the last event of the sync before', async () => {
  await using api = await serve((response) => void say(response, event(8)), gone);
  class One extends Changes {
    override readonly maxEvents = 1;
  }
  const { lastState } = await run(new One(api.url), { incremental: true, state: { last_event_id: '7' } });

  expect(api.lastIds).toEqual(['7']);
  expect(lastState).toMatchObject({ last_event_id: '8' });
});

test('connects again after what the server asked to wait, with the last id, until the server has no more', async () => {
  await using api = await serve(
    (response) => void say(response, `retry: 1\n${event(1)}${event(2)}`).end(),
    (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event(3), () => response.socket?.destroy());
    },
    (response) => void say(response, `${event(4)}id: 5\ndata: {"half`).end(),
    gone,
  );
  const { ids, error } = await run(new Changes(api.url), { incremental: true });

  expect(error).toBeUndefined();
  expect(ids).toEqual([1, 2, 3, 4]);
  expect(api.lastIds).toEqual([undefined, '2', '3', '4']);
});

test('takes a connection without a sign of life for dead', async () => {
  await using api = await serve(
    (response) => void say(response, `retry: 1\n${event(1)}`),
    (response) => void say(response, event(2)),
    gone,
  );
  class Impatient extends Changes {
    override readonly heartbeatTimeout = 60;
    override readonly maxEvents = 2;
  }
  const { ids } = await run(new Impatient(api.url));

  expect(ids).toEqual([1, 2]);
  expect(api.lastIds).toEqual([undefined, '1']);
});

test('takes the events it is told to, and moves the position past the others', async () => {
  await using api = await serve(
    (response) => void say(response, `${event(1, 'event: made\n')}${event(2, 'event: seen\n')}`).end(),
    gone,
  );
  class Made extends Changes {
    override readonly events = ['made'];

    override parseEvent({ data, id }: SseEvent) {
      return [{ ...(JSON.parse(data) as JsonObject), from: id ?? null }];
    }
  }
  const { records, lastState } = await run(new Made(api.url), { incremental: true });

  expect(records).toEqual([{ id: 1, from: '1' }]);
  expect(lastState).toMatchObject({ last_event_id: '2' });
});

test('ends after its duration, as a success', async () => {
  await using api = await serve((response) => void say(response, event(1)));
  class Short extends Changes {
    override readonly duration = 300;
  }
  const { ids, error } = await run(new Short(api.url));

  expect(error).toBeUndefined();
  expect(ids).toEqual([1]);
});

test('ends with the sync, and keeps the state of what came', async () => {
  await using api = await serve((response) => void say(response, event(1)));
  const leaving = new AbortController();
  class Long extends Changes {
    override readonly duration = Infinity;

    override transform(record: JsonObject) {
      setImmediate(() => leaving.abort(new Error('enough')));
      return record;
    }
  }
  const { error, lastState } = await run(new Long(api.url), { incremental: true, signal: leaving.signal });

  expect(error).toMatchObject({ message: 'enough' });
  expect(lastState).toMatchObject({ last_event_id: '1' });
});

test('fails after connections in a row that bring nothing', async () => {
  await using api = await serve((response) => void say(response, 'retry: 1\n\n').end());
  class Quick extends Changes {
    override readonly http = { retry: quick };
  }
  const { error } = await run(new Quick(api.url));

  expect(error).toMatchObject({ code: 'HEADWATER_NETWORK', failureType: 'transient_error' });
  expect(String(error)).toMatch(/stream "changes": 8 connections in a row/);
});

test('says what is wrong with an answer that is no event stream', async () => {
  await using api = await serve((response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'));
  const { error } = await run(new Changes(api.url));

  expect(String(error)).toMatch(
    /\/events of stream "changes" was answered with "text\/html", not with text\/event-stream/,
  );
});

test('names the event whose data is not JSON', async () => {
  await using api = await serve((response) => void say(response, 'id: 3\nevent: made\ndata: hello\n\n').end());
  const { error } = await run(new Changes(api.url));

  expect(String(error)).toMatch(/event "made" with the id "3" of stream "changes" has data that is not JSON/);
});
