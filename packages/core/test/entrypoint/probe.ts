import { fileURLToPath } from 'node:url';
import {
  runConnector,
  startConnector,
  temporaryFolder,
  type ConnectorRun,
  type RunOptions,
  type RunningConnector,
} from '@headwater/testing';

export const PROBE = fileURLToPath(new URL('../connectors/probe.mjs', import.meta.url));

export const secret = 'k3y"with/odd +chars';

export interface ProbeCall {
  readonly config?: object;
  /** Names of streams, or whole configured streams. */
  readonly streams?: readonly (string | object)[];
  readonly mode?: 'full_refresh' | 'incremental';
  readonly state?: unknown;
  readonly args?: readonly string[];
  readonly options?: RunOptions;
}

/** A call of the probe connector with its files written out, as an orchestrator makes it. */
const prepare = async (command: string, call: ProbeCall) => {
  const folder = await temporaryFolder();
  const { config = {}, streams = [], mode = 'full_refresh', state, args: extra = [] } = call;
  const whole = { base_url: 'http://127.0.0.1:1', api_key: secret, ...config };
  const args = [command, '--config', await folder.write('config.json', whole)];
  if (command === 'read') {
    const catalog = {
      streams: streams.map((stream) =>
        typeof stream === 'string'
          ? { stream: { name: stream, json_schema: {} }, sync_mode: mode, destination_sync_mode: 'append' }
          : stream,
      ),
    };
    args.push('--catalog', await folder.write('catalog.json', catalog));
  }
  if (state !== undefined) args.push('--state', await folder.write('state.json', state));
  return { folder, args: [...args, ...extra] };
};

export const probe = async (command: string, call: ProbeCall = {}): Promise<ConnectorRun> => {
  const { folder, args } = await prepare(command, call);
  try {
    return await runConnector(PROBE, args, call.options);
  } finally {
    await folder.remove();
  }
};

export const startProbe = async (command: string, call: ProbeCall = {}): Promise<RunningConnector> => {
  const { folder, args } = await prepare(command, call);
  const running = startConnector(PROBE, args, call.options);
  void running.result.finally(() => folder.remove()).catch(() => {});
  return running;
};

/** The probe with exactly these arguments. */
export const probeRaw = (args: readonly string[], options: RunOptions = {}): Promise<ConnectorRun> =>
  runConnector(PROBE, args, options);
