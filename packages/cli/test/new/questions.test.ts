import { expect, test } from '@jest/globals';

import { askName, askSource, askStreams, CancelledError, proposeName } from '../../src/new/questions.ts';
import { BACKSPACE, CTRL_C, DOWN, ENTER, person } from './desk.ts';

const NOTHING = { yes: false, install: true, test: true, json: false };

test('asks for kind, base URL, auth and pagination', async () => {
  const { desk } = person([
    ['What do you start from', ENTER],
    ['base URL', 'https://api.acme.com/v1', ENTER],
    ['who asks', DOWN, ENTER],
    ['Which header', ENTER],
    ['next page', DOWN, DOWN, DOWN, ENTER],
    ['Where in the answer', ENTER],
  ]);

  expect(await askSource(NOTHING, desk)).toEqual({
    ...NOTHING,
    kind: 'source-http',
    baseUrl: 'https://api.acme.com/v1',
    auth: { kind: 'api-key', in: 'header', name: 'X-API-Key' },
    pagination: { kind: 'cursor', options: { from: '$.next_cursor' } },
  });
});

test('asks nothing that a flag has said', async () => {
  const { desk, asked } = person([['base URL', 'https://acme.com', ENTER]]);
  const said = { ...NOTHING, kind: 'source-http', auth: { kind: 'none' }, pagination: { kind: 'none' } } as const;

  expect(await askSource(said, desk)).toEqual({ ...said, baseUrl: 'https://acme.com' });
  expect(asked).toEqual(['base URL']);
});

test('says why an answer does not do, and asks again', async () => {
  const { desk } = person([
    ['base URL', 'acme', ENTER],
    ['"acme" is no URL', BACKSPACE.repeat(4), 'https://acme.com', ENTER],
  ]);
  const said = { ...NOTHING, kind: 'source-http', auth: { kind: 'none' }, pagination: { kind: 'none' } } as const;

  expect(await askSource(said, desk)).toMatchObject({ baseUrl: 'https://acme.com' });
});

test('asks for the URLs of OAuth 2.0', async () => {
  const { desk } = person([
    ['who asks', DOWN, DOWN, DOWN, DOWN, DOWN, ENTER],
    ['where tokens are given', 'https://acme.com/token', ENTER],
    ['where consent is given', 'https://acme.com/authorize', ENTER],
  ]);
  const said = { ...NOTHING, kind: 'source-http', baseUrl: 'https://acme.com', pagination: { kind: 'none' } } as const;

  expect(await askSource(said, desk)).toMatchObject({
    auth: {
      kind: 'oauth2',
      grant: 'refresh_token',
      tokenUrl: 'https://acme.com/token',
      consentUrl: 'https://acme.com/authorize',
    },
  });
});

test('asks where the description or the samples are', async () => {
  const description = person([
    ['What do you start from', DOWN, ENTER],
    ['OpenAPI description', 'acme.yaml', ENTER],
  ]);
  const samples = person([['sample responses', 'a.json  b.har', ENTER]]);

  expect(await askSource(NOTHING, description.desk)).toEqual({ ...NOTHING, kind: 'openapi', openapi: 'acme.yaml' });
  expect(await askSource({ ...NOTHING, kind: 'from-response' }, samples.desk)).toMatchObject({
    fromResponse: ['a.json', 'b.har'],
  });
});

test('asks which streams to keep', async () => {
  const { desk } = person([['Which of these 3 streams', DOWN, ' ', ENTER]]);

  const choices = [
    { name: 'a', hint: '/a', taken: true },
    { name: 'b', hint: '/b', taken: true },
    { name: 'c', hint: '/c', taken: false },
  ];

  expect(await askStreams(choices, desk)).toEqual(['a']);
});

test('proposes a name, and takes none that npm refuses', async () => {
  const { desk } = person([
    ['called', ' x', ENTER],
    ['cannot be the name', BACKSPACE.repeat(2), ENTER],
  ]);

  expect(await askName(proposeName({ baseUrl: 'https://api.acme.com' }), desk)).toBe('source-acme');
});

test('ends with Ctrl-C, and when it is told to', async () => {
  const leaving = person([['What do you start from', CTRL_C]]);
  const controller = new AbortController();
  const stopped = person([]);

  await expect(askSource(NOTHING, leaving.desk)).rejects.toThrow(CancelledError);
  const asking = askName('source-acme', { ...stopped.desk, signal: controller.signal });
  controller.abort();
  await expect(asking).rejects.toThrow(CancelledError);
});
