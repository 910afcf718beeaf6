import { catalogOf, type ConnectorRun, runConnector, stateOf, temporaryFolder } from '@headwater/testing';

import { CommandError } from '../command-error.ts';
import type { ConnectorPlan } from '../plan/plan.ts';
import { exampleConfig } from './config-fields.ts';
import { settingOf } from './connector-files.ts';
import { serveExamples } from './serve-examples.ts';

export interface RecordOptions {
  /** The connector, with what it needs installed. */
  readonly directory: string;
  /** Ends the recording before its next step. */
  readonly signal?: AbortSignal;
}

/** So many states of a read are gone on from. */
const MOST_STATES = 20;

/**
 * Records the cassettes of a new connector in its folder `cassettes`: what it asks the API in a check, in a full and an
 * incremental read, after each state of that, and after a state in the future. The answers are the examples of the plan;
 * nothing leaves this machine.
 *
 * @throws CommandError when the connector fails
 */
export const recordCassettes = async (plan: ConnectorPlan, { directory, signal }: RecordOptions): Promise<void> => {
  await using api = await serveExamples(plan);
  await using folder = await temporaryFolder();
  // The connector asks for the real API, so that it is what is written down; the requests go to the examples.
  const config = await folder.write('config.json', exampleConfig(settingOf(plan).fields));
  const env = {
    HEADWATER_CASSETTE: 'record',
    HEADWATER_CASSETTE_ORIGIN: api.url,
    HEADWATER_CASSETTE_DIR: undefined,
    HEADWATER_CASSETTE_FAULT: undefined,
  };
  const run = async (command: string, ...files: readonly string[]): Promise<ConnectorRun> => {
    signal?.throwIfAborted();
    const main = [process.execPath, '--import', 'tsx', 'src/main.ts'];
    const ran = await runConnector(main, [command, '--config', config, ...files], { cwd: directory, env });
    if (ran.exitCode === 0) return ran;
    const reasons = ran.errors.map(({ message }) => message).join(' ') || ran.stderr.slice(-500);
    throw new CommandError(
      `${directory}: the new connector failed while its cassettes were recorded (${command}): ${reasons}`,
    );
  };

  await run('check');
  const discovered = await run('discover');
  const full = await folder.write('full.json', catalogOf(discovered, { mode: 'full_refresh' }));
  await run('read', '--catalog', full);
  const catalog = await folder.write('catalog.json', catalogOf(discovered));
  const first = await run('read', '--catalog', catalog);
  for (const count of spread(first.states.length)) {
    const state = await folder.write('state.json', statesAfter(first, count));
    await run('read', '--catalog', catalog, '--state', state);
  }
  const future = JSON.stringify(stateOf(first)).replaceAll(/"\d{4}(?=-\d\d-\d\d)/g, '"2999');
  if (future !== JSON.stringify(stateOf(first))) {
    await run('read', '--catalog', catalog, '--state', await folder.write('state.json', JSON.parse(future)));
  }
};

/** What `--state` takes after the first `count` states of a read. */
const statesAfter = (run: ConnectorRun, count: number): readonly unknown[] => {
  const last = new Map<string, unknown>();
  for (const state of run.states.slice(0, count))
    last.set(JSON.stringify(state.stream?.stream_descriptor ?? {}), state);
  return [...last.values()];
};

/** Numbers from 1 to `length`, evenly spread, with the first and the last. */
const spread = (length: number): readonly number[] =>
  length <= MOST_STATES
    ? Array.from({ length }, (_, index) => index + 1)
    : Array.from({ length: MOST_STATES }, (_, index) => 1 + Math.round((index * (length - 1)) / (MOST_STATES - 1)));
