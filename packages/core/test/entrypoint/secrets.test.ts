import { expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { mockApi, runConnector, temporaryFolder, type ConnectorRun } from '@headwater/testing';
import { Dice, found, QUOTES } from '../output/secret-world.ts';

const ECHO = fileURLToPath(new URL('../connectors/echo.mjs', import.meta.url));

/** What a header may hold. */
const fitForHeader = (text: string): string => (/^[\x20-\x7e]+$/.test(text) ? text : encodeURIComponent(text));

/** A file of the cache as its bytes and with every place of it at which compressed data may begin. */
const readable = (file: Buffer): string[] => {
  const texts = [file.toString('utf8')];
  if (file.subarray(0, 4).toString('latin1') !== 'HWRC') return texts;
  const start = 41 + file.readUInt32BE(37);
  try {
    texts.push(inflateRawSync(file.subarray(start)).toString());
  } catch {
    // Stored as it is.
  }
  return texts;
};

const filesIn = async (directory: string): Promise<Buffer[]> => {
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  return Promise.all(names.filter((name) => name.isFile()).map((name) => readFile(join(name.parentPath, name.name))));
};

/** The texts on standard output that must hold no secret. */
const spoken = ({ messages }: ConnectorRun): string[] =>
  messages.filter(({ type }) => type !== 'RECORD' && type !== 'CONTROL').map((message) => JSON.stringify(message));

test.each([1, 2, 3])(
  'lets no secret out of the process, API %i echoing it in every form',
  async (seed) => {
    const dice = new Dice(seed);
    const key = dice.text(Array.from('ABCDEFGHabcdefgh0123456789"\\%&+/=<>?$\'-_'), 24);
    const lines = Array.from({ length: 3 }, () => dice.text(Array.from('ABCDEFGHabcdefgh0123456789+/'), 64));
    const pem = ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
    const secrets = [key, pem];
    const quotes = QUOTES.map(({ write }) => write(dice.pick(secrets), dice));
    await using folder = await temporaryFolder();
    await using api = await mockApi();
    const kinds = ['fail', 'move', 'page', 'throw', 'broken', 'plain'];
    api.on('GET /clean', { body: { data: [{ id: 1, name: 'nothing secret' }] } });
    for (const kind of kinds) {
      api.on(`GET /${kind}/:at`, ({ params, query }) => {
        const quote = quotes[Number(params['at'])]!;
        const headers = { 'x-echo': fitForHeader(quote), etag: `"${fitForHeader(quote)}"` };
        const data = [{ id: 1, name: 'a', unknown: quote }];
        if (query.get('page') !== null) return { body: { data: [{ id: 2, name: quote }] }, headers };
        if (kind === 'fail') return { status: 400, body: `<p>${'x'.repeat(290)}${quote}</p>`, headers };
        if (kind === 'move') {
          return {
            status: 302,
            headers: { ...headers, location: `/plain/${params['at']}?q=${encodeURIComponent(quote)}` },
          };
        }
        if (kind === 'page') return { body: { data, next: quote }, headers };
        if (kind === 'throw') return { body: { throw: quote, filler: 'x'.repeat(2000) }, headers };
        if (kind === 'broken')
          return { body: `{"data":[{"id":1}],"x":${quote}`, headers: { 'content-type': 'application/json' } };
        return { body: { data: [...data, { id: 'no number', name: quote }], filler: 'x'.repeat(2000) }, headers };
      });
    }
    const streams = kinds
      .flatMap((kind) => quotes.map((_, at) => `${kind}/${at}`))
      .filter((_, at) => at % 3 === seed - 1 && dice.chance(0.5));
    streams.push('clean');
    const config = await folder.write('config.json', { base_url: api.url, api_key: key, private_key: pem, streams });
    const catalog = await folder.write('catalog.json', {
      streams: streams.map((name) => ({
        stream: { name, json_schema: {}, supported_sync_modes: ['full_refresh', 'incremental'] },
        sync_mode: 'incremental',
        destination_sync_mode: 'append',
      })),
    });
    const cache = join(folder.path, 'cache');
    const args = ['--config', config, '--debug', '--har', join(folder.path, 'run.har')];
    const rejects = ['--rejects', join(folder.path, 'rejects')];
    const env = { HEADWATER_CACHE_DIR: cache };

    const check = await runConnector(ECHO, ['check', '--config', config], { env });
    const read = await runConnector(ECHO, ['read', ...args, '--catalog', catalog, ...rejects], { env });

    expect(check.messages.length + read.messages.length).toBeGreaterThan(streams.length);
    expect(read.notJson).toEqual([]);
    expect(api.requests.some(({ headers }) => headers['x-api-key'] === key)).toBe(true);
    const written = {
      stdout: [...spoken(check), ...spoken(read)],
      stderr: [check.stderr, read.stderr],
      har: [await readFile(join(folder.path, 'run.har'), 'utf8')],
      cache: (await filesIn(cache)).flatMap(readable),
    };
    expect(written.cache.join('')).toContain('nothing secret');
    expect(written.har[0]).toContain('****');
    expect(written.stderr.join('')).toContain('****');
    for (const [where, texts] of Object.entries(written)) {
      const leaks = texts.filter((text) => found([text], secrets).length > 0);
      expect([where, leaks.slice(0, 3)]).toEqual([where, []]);
    }
  },
  300_000,
);
