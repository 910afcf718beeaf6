import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { temporaryFolder } from '@headwater/testing';

import { ROOT } from '../headwater.ts';

const COMMAND = join(ROOT, 'packages/cli/bin/headwater.js');

/** The template as a connector in the making: read where it is, from its TypeScript source. */
export const TEMPLATE = join(ROOT, 'templates/source-http');

/** Starts the built command; unlike a synchronous run it lets a server of the test answer. */
export const start = (cwd: string, ...args: string[]) => {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const printed = { stdout: '', stderr: '' };
  let look = (): void => {};
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
      look();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let seen = 0;
  return {
    child,
    ended: ended.then((status) => ({ status, ...printed })),
    /** Resolves once the command has said this on standard error, after what it was waited for before. */
    says: (text: string): Promise<void> =>
      new Promise((resolve, reject) => {
        look = () => {
          const at = printed.stderr.indexOf(text, seen);
          if (at < 0) return;
          seen = at + text.length;
          look = () => {};
          resolve();
        };
        look();
        void ended.then(() => reject(new Error(`The command ended without saying "${text}", but: ${printed.stderr}`)));
      }),
  };
};

export const headwater = (cwd: string, ...args: string[]) => start(cwd, ...args).ended;

/** What each line of a text says as JSON. */
export const jsonLines = (text: string): JsonLine[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): JsonLine => JSON.parse(line));

/** A record, or a record with its stream. */
type JsonLine = { readonly [field: string]: unknown; readonly stream: string };

/** The config of the template for a server. */
export const configFor = ({ url, apiKey = 'demo-key-123' }: { url: string; apiKey?: string }) => ({
  base_url: url,
  api_key: apiKey,
});

/** A copy of the template that a test may change, with a file `config.json`. */
export const copyOfTemplate = async (config?: unknown) => {
  const folder = await temporaryFolder();
  for (const name of ['src', 'schemas', 'spec.json', 'package.json']) {
    await cp(join(TEMPLATE, name), join(folder.path, name), { recursive: true });
  }
  await mkdir(join(folder.path, 'node_modules/@headwater'), { recursive: true });
  await symlink(join(ROOT, 'packages/core'), join(folder.path, 'node_modules/@headwater/core'));
  if (config !== undefined) await folder.write('config.json', config);
  const change = async (file: string, from: string, to: string): Promise<void> => {
    const text = await readFile(join(folder.path, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    await folder.write(file, text.replace(from, to));
  };
  return { ...folder, change };
};

/** A connector of another kit, as a script for `--command`: two streams of 1000 records. */
export const FOREIGN = `
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
const [command, ...rest] = process.argv.slice(2);
const fileOf = (name) => JSON.parse(readFileSync(rest[rest.indexOf(name) + 1], 'utf8'));
const say = async (message) => {
  if (!process.stdout.write(JSON.stringify(message) + '\\n')) await once(process.stdout, 'drain');
};
const stream = (name) => ({
  name,
  json_schema: { properties: { id: { type: 'integer' }, at: { type: 'string', format: 'date' } } },
  supported_sync_modes: ['full_refresh', 'incremental'],
  default_cursor_field: ['at'],
});
if (command === 'spec') await say({ type: 'SPEC', spec: { connectionSpecification: {} } });
if (command === 'check') await say({ type: 'CONNECTION_STATUS', connectionStatus: { status: 'SUCCEEDED' } });
if (command === 'discover') await say({ type: 'CATALOG', catalog: { streams: [stream('a'), stream('b')] } });
if (command === 'read') {
  const state = rest.includes('--state') ? fileOf('--state') : null;
  if (state) await say({ type: 'LOG', log: { level: 'WARN', message: 'state ' + JSON.stringify(state) } });
  for (const { stream, sync_mode: mode } of fileOf('--catalog').streams) {
    for (let id = 0; id < 1000; id++) {
      await say({ type: 'RECORD', record: { stream: stream.name, data: { id, mode }, emitted_at: 1 } });
    }
  }
}
`;
