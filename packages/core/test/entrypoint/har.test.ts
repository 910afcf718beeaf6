import { expect, test } from '@jest/globals';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { mockApi, temporaryFolder } from '@headwater/testing';
import { PROBE, probe, secret } from './probe.ts';

interface Har {
  readonly log: {
    readonly version: string;
    readonly creator: object;
    readonly entries: readonly {
      readonly request: { readonly url: string; readonly headers: readonly { name: string; value: string }[] };
      readonly response: { readonly status: number; readonly content: { readonly text?: string }; _error?: string };
      readonly comment?: string;
    }[];
  };
}

const harOf = async (path: string) => JSON.parse(await readFile(path, 'utf8')) as Har;

test('writes every attempt to the file of --har, without secrets', async () => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  const path = join(folder.path, 'run.har');
  api.reply(503, { error: `no luck with ${secret}` }).reply(200, { data: [{ id: 1, name: 'é' }] });

  const run = await probe('read', {
    config: { base_url: api.url, streams: [{ name: 'a' }] },
    streams: ['a'],
    args: ['--har', path],
  });

  expect(run.exitCode).toBe(0);
  const { log } = await harOf(path);
  expect(log.version).toBe('1.2');
  expect(log.entries.map(({ response }) => response.status)).toEqual([503, 200]);
  expect(log.entries[1]?.response.content.text).toBe('{"data":[{"id":1,"name":"é"}]}');
  expect(log.entries[0]?.comment).toBe('stream "a"');
  expect(log.entries[0]?.request.url).toBe(`${api.url}/a`);
  expect(log.entries[0]?.request.headers).toContainEqual({ name: 'x-api-key', value: '****' });
  const text = await readFile(path, 'utf8');
  for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) {
    expect(text).not.toContain(form);
  }
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('tells in the file of --har what kept an answer from coming', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'run.har');

  const run = await probe('read', {
    config: { base_url: 'http://127.0.0.1:1', streams: [{ name: 'a', retry: { attempts: 2 } }] },
    streams: ['a'],
    args: ['--har', path],
  });

  expect(run.exitCode).toBe(1);
  const { log } = await harOf(path);
  expect(log.entries).toHaveLength(2);
  expect(log.entries[0]?.response).toMatchObject({
    status: 0,
    _error: expect.stringContaining('refuses the connection'),
  });
});

test('says before any work that the file of --har cannot be written', async () => {
  const run = await probe('read', { config: { streams: [] }, args: ['--har', `${PROBE}/run.har`] });

  expect(run.exitCode).toBe(1);
  expect(run.errors[0]).toMatchObject({ failure_type: 'config_error', message: expect.stringContaining('--har ') });
});
