import { fileURLToPath } from 'node:url';
import { startConnector, temporaryFolder, type ConnectorRun } from '@headwater/testing';
import type { AirbyteMessage } from '../../../src/protocol/types.ts';
import { apiOf, type Weather } from './api.ts';
import { Done } from './done.ts';
import { randomOf, type Below } from './random.ts';
import { END, keyOf, START, STEP_DAYS, worldOf, type World } from './world.ts';

const CONNECTOR = fileURLToPath(new URL('../../connectors/three-streams.mjs', import.meta.url));

/** What a scenario found; a healthy engine leaves the lists empty. */
export interface Outcome {
  readonly kills: number;
  /** Records that came, each time they came. */
  readonly read: number;
  /** Records that a STATE promised not to be read again, and that kills left undone after them. */
  readonly safe: number;
  readonly missing: readonly string[];
  /** Records that came again though a STATE seen before covers them. */
  readonly repeated: readonly string[];
  /** Whatever else is wrong: counts that do not agree, a process that failed. */
  readonly wrong: readonly string[];
}

type State = NonNullable<AirbyteMessage['state']>;

/** Reads a world to its end, through at most so many kills. */
export const runScenario = async (seed: number, weather: Weather, mostKills: number): Promise<Outcome> => {
  const world = worldOf(seed);
  const below = randomOf(seed * 7919);
  let arrived = (): void => {};
  await using api = await apiOf(world, weather, seed, () => arrived());
  await using folder = await temporaryFolder();
  const { events, issues, regions } = world;
  const config = { base_url: api.url, events, issues, regions, start: START, end: END, step: `P${STEP_DAYS}D` };
  const args = ['read', '--config', await folder.write('config.json', config)];
  if (below(4) === 0) args.push('--concurrency', String(1 + below(3)));

  const states = new Map<string, State>();
  const seen = new Set<string>();
  const done = new Done(world);
  const wrong: string[] = [];
  const repeated: string[] = [];
  let [kills, read, safe] = [0, 0, 0];

  for (;;) {
    const catalog = await folder.write('catalog.json', catalogOf(world, states));
    const state = await folder.write('state.json', [...states.values()]);
    const isLast = kills === mostKills;
    const running = startConnector(CONNECTOR, [...args, '--catalog', catalog, '--state', state], {
      signal: 'SIGKILL',
      ...(!isLast &&
        killMoment(
          below,
          seen.size,
          world,
          (act) => (arrived = act),
          () => running.kill('SIGKILL'),
        )),
    });
    const run = await running.result;
    arrived = () => {};

    const keys = run.messages.flatMap(({ record }) => (record ? [keyOf(record.stream, record.data['id'])] : []));
    repeated.push(...keys.filter((key) => done.keys.has(key)));
    wrong.push(...miscounted(run));
    for (const key of keys) seen.add(key);
    for (const each of run.states) states.set(each.stream!.stream_descriptor.name, each);
    done.add(run.messages);
    read += keys.length;
    if (run.signal !== 'SIGKILL') {
      if (run.exitCode !== 0)
        wrong.push(`exit code ${run.exitCode}: ${run.stdout.slice(-2000)}${run.stderr.slice(-2000)}`);
      break;
    }
    kills++;
    safe += done.keys.size;
  }
  if (api.unexpected.length > 0) wrong.push(`${api.unexpected.length} requests that make no sense`);
  const expected = Object.entries(world.items).flatMap(([stream, items]) => items.map(({ id }) => keyOf(stream, id)));
  const missing = expected.filter((key) => !seen.has(key));
  return { kills, read, safe, missing, repeated, wrong };
};

/** A full refresh that is complete is not asked for again. */
const catalogOf = ({ issues }: World, states: ReadonlyMap<string, State>): object => {
  const modes = {
    repositories: 'full_refresh',
    events: 'incremental',
    issues: issues === 'full' ? 'full_refresh' : 'incremental',
  };
  const isOpen = ([name]: readonly [string, string]): boolean =>
    states.get(name)?.stream?.stream_state?.['__ab_no_cursor_state_message'] !== true;
  return {
    streams: Object.entries(modes)
      .filter(isOpen)
      .map(([name, mode]) => ({
        stream: { name, json_schema: {} },
        sync_mode: mode,
        destination_sync_mode: 'append',
      })),
  };
};

/** After so many records seen, or with such a request, counted within one process. */
const killMoment = (
  below: Below,
  seen: number,
  { items }: World,
  onArrival: (act: () => void) => void,
  kill: () => void,
): { readonly killAfter?: (message: AirbyteMessage) => boolean } => {
  const left = Object.values(items).flat().length - seen;
  let count = below(Math.max(2, Math.ceil(left * 0.6)));
  if (below(2) === 0) return { killAfter: ({ type }) => type === 'RECORD' && count-- <= 0 };
  count = Math.ceil(count / 4);
  onArrival(() => {
    if (count-- === 0) kill();
  });
  return {};
};

/** STATEs that do not count the records since the one before them. */
const miscounted = (run: ConnectorRun): string[] => {
  const counts = new Map<string, number>();
  return run.messages.flatMap(({ record, state }) => {
    if (record) counts.set(record.stream, (counts.get(record.stream) ?? 0) + 1);
    const name = state?.stream?.stream_descriptor.name;
    if (name === undefined) return [];
    const count = counts.get(name) ?? 0;
    counts.set(name, 0);
    const told = state?.sourceStats?.recordCount;
    return told === count ? [] : [`a STATE of ${name} tells ${told} records after ${count}`];
  });
};
