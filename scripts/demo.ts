// `npm run demo`: the template connector reads the kit's own demo API, as an orchestrator would have it.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AirbyteMessage } from '@headwater/core';
import {
  catalogOf,
  type ConnectorRun,
  demoApi,
  type DemoApi,
  type RunningConnector,
  startConnector,
  stateOf,
  temporaryFolder,
} from '@headwater/testing';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CONNECTOR = join(ROOT, 'templates/source-http/dist/main.js');
const OUTPUT = join(ROOT, 'demo-output');

const say = (line = ''): void => void process.stderr.write(`${line}\n`);

/** The connector under way, to be stopped with the demo. */
let running: RunningConnector | undefined;

const main = async (): Promise<void> => {
  await using api = await demoApi();
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', { base_url: api.url, api_key: api.apiKey });
  say(`A demo API is up at ${api.url}. It wants an API key, gives pages, and once each says 429 and 503.`);
  say(`The connector ${relative(ROOT, CONNECTOR)} reads it, run as an orchestrator runs it.`);
  say();

  const spec = await run(['spec']);
  const settings = Object.keys(specProperties(spec));
  say(`spec      its settings: ${settings.join(', ')}`);

  await run(['check', '--config', config]);
  say('check     SUCCEEDED: the API answers and the key is good');

  const discovered = await run(['discover', '--config', config]);
  for (const { name, supported_sync_modes } of discovered.messages[0]?.catalog?.streams ?? []) {
    say(`discover  ${name}: ${supported_sync_modes?.join(', ')}`);
  }

  const catalog = await folder.write('catalog.json', catalogOf(discovered));
  const started = performance.now();
  const read = await run(['read', '--config', config, '--catalog', catalog], narrate);
  const seconds = (performance.now() - started) / 1000;
  say();
  await writeRecords(read);
  summarise(api, seconds);

  const state = await folder.write('state.json', stateOf(read));
  const onlyIssues = await folder.write('issues.json', catalogOf(discovered, { streams: ['issues'] }));
  const again = await run(['read', '--config', config, '--catalog', onlyIssues, '--state', state]);
  const { stream_state: reached } = stateOf(read).find(({ stream }) => stream?.stream_descriptor.name === 'issues')
    ?.stream ?? { stream_state: {} };
  say();
  say(`Read again with the state of the first read, ${JSON.stringify(reached)}:`);
  say(`issues    ${again.recordsOf('issues').length} records instead of ${read.recordsOf('issues').length}`);
};

/** Runs the connector and expects it to succeed. */
const run = async (args: readonly string[], onLine?: (message: AirbyteMessage) => void): Promise<ConnectorRun> => {
  running = startConnector(CONNECTOR, args, onLine && { onLine });
  const ended = await running.result;
  if (ended.exitCode === 0) return ended;
  const reasons = ended.errors.map(({ message }) => message).join('\n');
  throw new Error(`${args[0]} ended with exit code ${ended.exitCode}. ${reasons}\n${ended.stderr}`);
};

/** What happens while it reads: streams that begin and end, and what the connector has to say. */
const narrate = ({ log, trace }: AirbyteMessage): void => {
  if (log) say(`read      ${log.level === 'INFO' ? '' : `${log.level}: `}${log.message}`);
  const status = trace?.stream_status;
  if (status?.status === 'STARTED') say(`read      ${status.stream_descriptor.name} …`);
};

const specProperties = ({ messages }: ConnectorRun): Record<string, unknown> => {
  const { properties } = (messages[0]?.spec?.connectionSpecification ?? {}) as { properties?: Record<string, unknown> };
  return properties ?? {};
};

/** One file a stream, each record in the very digits and characters the connector wrote. */
const writeRecords = async ({ stdout, records }: ConnectorRun): Promise<void> => {
  await rm(OUTPUT, { recursive: true, force: true });
  await mkdir(OUTPUT, { recursive: true });
  const lines = new Map(Object.keys(records).map((name) => [name, [] as string[]]));
  for (const line of stdout.split('\n')) {
    const [, name = '', data] =
      /^\{"type":"RECORD","record":\{"stream":"([^"]+)","emitted_at":\d+,"data":(.*)\}\}$/.exec(line) ?? [];
    if (data !== undefined) lines.get(name)?.push(data);
  }
  for (const [name, data] of lines) {
    const path = join(OUTPUT, `${name}.jsonl`);
    await writeFile(path, `${data.join('\n')}\n`);
    say(`${name.padEnd(14)}${String(data.length).padStart(4)} records → ${relative(ROOT, path)}`);
  }
};

const summarise = ({ stats }: DemoApi, seconds: number): void => {
  const { requests, rateLimited, unavailable, bytes } = stats;
  say();
  say(
    `${requests} requests in all, ${Math.round(bytes / 1024)} KiB on the wire, the read took ${seconds.toFixed(1)} s.`,
  );
  say(
    `${rateLimited + unavailable} were sent again: ${rateLimited} met a 429 and waited as its Retry-After asked, ` +
      `${unavailable} met a 503. No record was lost or doubled.`,
  );
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    say(`\nStopped by ${signal}.`);
    running?.kill(signal);
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

try {
  await main();
} catch (error) {
  say(`The demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
