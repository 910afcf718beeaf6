/** What very many parents cost: time, memory, and how large the state becomes, with a cursor for each and one for all. */
import { fileURLToPath } from 'node:url';

import { temporaryFolder } from '@headwater/testing';

import { readArguments } from './arguments.ts';
import { asProcess } from './as-process.ts';
import { run } from './child.ts';

const CONNECTOR = fileURLToPath(new URL('./connector/parents.js', import.meta.url));
const HELP = `npm run build && node scripts/dist/bench/parents.js [options]

Reads one child of each of very many parents, which come in pages of 1000. The API is a function within the connector's
process: what is measured is the kit alone. Once with one position for all parents, once with a cursor for each.

  --parents N    how many there are (default 100000)
  --help         this text
`;

interface Outcome {
  readonly mode: string;
  readonly records: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakRssBytes: number;
  readonly states: number;
  readonly lastStateBytes: number;
}

interface Message {
  readonly type: string;
  readonly state?: { readonly stream: { readonly stream_state: unknown } };
}

/** Counts records and keeps the size of the last state. */
const messageCounter = () => {
  const counts = { records: 0, states: 0, lastStateBytes: 0 };
  let rest = '';
  const add = (chunk: Buffer): void => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('{"type":"RECORD"')) counts.records++;
      if (!line.startsWith('{"type":"STATE"')) continue;
      const { state } = JSON.parse(line) as Message;
      counts.states++;
      counts.lastStateBytes = JSON.stringify(state?.stream.stream_state).length;
    }
  };
  return { counts, add };
};

const measure = async (mode: string, parents: number, maxSlices: number): Promise<Outcome> => {
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', { parents, max_slices: maxSlices });
  const stream = { name: 'children', json_schema: {}, supported_sync_modes: ['full_refresh', 'incremental'] };
  const catalog = await folder.write('catalog.json', {
    streams: [{ stream, sync_mode: 'incremental', destination_sync_mode: 'append' }],
  });
  const { counts, add } = messageCounter();
  const used = await run([CONNECTOR, 'read', '--config', config, '--catalog', catalog], add);
  if (counts.records !== parents) throw new Error(`${mode}: ${counts.records} records came instead of ${parents}.`);
  const { wallSeconds, peakRssBytes, userSeconds, systemSeconds } = used;
  return { mode, ...counts, wallSeconds, cpuSeconds: userSeconds + systemSeconds, peakRssBytes };
};

const row = ({ mode, wallSeconds, cpuSeconds, peakRssBytes, states, lastStateBytes }: Outcome): string =>
  `| ${mode} | ${wallSeconds.toFixed(1)} | ${cpuSeconds.toFixed(1)} | ${(peakRssBytes / 2 ** 20).toFixed(0)} | ` +
  `${states} | ${lastStateBytes} |`;

await asProcess(async () => {
  const given = readArguments(HELP, { parents: 'count' });
  if (given === undefined) return;
  const { parents = 100_000 } = given;
  const outcomes = [
    await measure('one position for all', parents, 10_000),
    await measure('a cursor for each', parents, Number.MAX_SAFE_INTEGER),
  ];
  process.stdout.write(
    `Node ${process.version}, ${parents} parents\n\n` +
      `| state | wall s | CPU s | peak RSS MB | STATEs | last state, bytes |\n| --- | --- | --- | --- | --- | --- |\n` +
      `${outcomes.map(row).join('\n')}\n`,
  );
});
