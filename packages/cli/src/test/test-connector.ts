import type { SourceSuiteOptions, SuiteReport } from '@headwater/testing';

import { CommandError } from '../command-error.ts';
import { isJsonObject, readDocument, type JsonObject } from '../types/read-document.ts';
import { defaultCommand } from './default-command.ts';
import { listText, summaryText, terminalProgress } from './report.ts';
import { UsageError } from './usage-error.ts';

/** What commander makes of the command line. */
export interface TestCommandOptions {
  readonly config?: string;
  readonly invalidConfig?: string;
  readonly catalog?: string;
  readonly stream?: readonly string[];
  readonly cassettes?: string;
  readonly hostileApi?: string;
  readonly hostileConfigKey?: string;
  readonly hostile: boolean;
  readonly states: number;
  readonly positions: number;
  readonly unstableField?: readonly string[];
  readonly expect?: Readonly<Record<string, number>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly list: boolean;
  readonly destination: boolean;
  readonly json: boolean;
}

/**
 * Tries the standard suite on a connector, tells how it goes on stderr, and sets the exit code 1 when a rule failed.
 *
 * @throws UsageError for options that do not fit together
 * @throws CommandError for a file that cannot be read, and for a command that cannot be started
 */
export const testConnector = async (words: readonly string[], options: TestCommandOptions): Promise<void> => {
  const { checkDestination, checkSource, destinationRules, sourceRules } = await import('@headwater/testing');
  const rules = options.destination ? destinationRules : sourceRules;
  if (options.list) {
    if (options.json) process.stdout.write(`${JSON.stringify(rules.map(({ id, title }) => ({ id, title })))}\n`);
    else process.stderr.write(listText(rules));
    return;
  }
  const given = suiteOptions(options);
  for (const id of [...(options.only ?? []), ...(options.skip ?? [])]) {
    if (!rules.some((rule) => rule.id === id))
      throw new UsageError(`there is no rule "${id}". headwater test --list shows them.`);
  }
  const command = words.length > 0 ? words : defaultCommand();
  const wanted = { ...given, onRule: terminalProgress(process.stderr) };
  const report = await (options.destination ? checkDestination(command, wanted) : checkSource(command, wanted)).catch(
    (cause: unknown) => stopped(command, cause),
  );
  process.stderr.write(summaryText(report));
  if (options.json) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  if (!report.passed) process.exitCode = 1;
};

const stopped = (command: readonly string[], cause: unknown): SuiteReport => {
  if (cause instanceof Error && 'syscall' in cause && String(cause.syscall).startsWith('spawn')) {
    throw new CommandError(`${command.join(' ')}: cannot be started: ${cause.message}. Say how to start it after --.`, {
      cause,
    });
  }
  if (cause instanceof TypeError) throw new CommandError(cause.message, { cause });
  throw cause;
};

const suiteOptions = (options: TestCommandOptions): SourceSuiteOptions => {
  const { config: file, invalidConfig, catalog, stream, cassettes, hostileApi, hostileConfigKey: key } = options;
  if (file === undefined) throw new UsageError('give --config: a JSON file with a config that works.');
  if ((hostileApi === undefined) !== (key === undefined)) {
    throw new UsageError(
      '--hostile-api and --hostile-config-key belong together: the API, and where the config names it.',
    );
  }
  if (catalog !== undefined && stream !== undefined) throw new UsageError('--catalog and --stream exclude each other.');
  const api = hostileApi === undefined ? undefined : originOf(hostileApi);
  const config = readDocument(file);
  const path = key?.split('.') ?? [];
  if (key !== undefined && valueAt(config, path) === undefined) {
    throw new UsageError(`--hostile-config-key: ${file} has no field "${key}".`);
  }
  return {
    config,
    states: options.states,
    positions: options.positions,
    timeout: options.timeout * 1000,
    ...(invalidConfig !== undefined && { invalidConfig: readDocument(invalidConfig) }),
    ...(catalog !== undefined && { catalog: configuredCatalog(catalog) }),
    ...(stream && { streams: stream }),
    ...(cassettes !== undefined && { cassettes }),
    ...(options.unstableField && { unstableFields: options.unstableField }),
    ...(options.expect && { expectedRecords: options.expect }),
    ...(options.env && { env: options.env }),
    ...(options.only && { only: options.only }),
    ...(options.skip && { skip: options.skip }),
    ...(!options.hostile && { hostile: false as const }),
    ...(options.hostile &&
      api !== undefined && { hostile: { api, configOf: (url: string) => withUrl(config, path, api, url) } }),
  };
};

const originOf = (text: string): string => {
  if (URL.canParse(text) && /^https?:/.test(text)) return text.replace(/\/$/, '');
  throw new UsageError(`--hostile-api: ${JSON.stringify(text)} is no URL that begins with http:// or https://.`);
};

/** The config field with the proxy in place of the API, what stands behind the API's URL kept. */
const withUrl = (config: JsonObject, path: readonly string[], api: string, url: string): JsonObject => {
  const [key = '', ...rest] = path;
  const value = config[key];
  if (rest.length > 0 && isJsonObject(value)) return { ...config, [key]: withUrl(value, rest, api, url) };
  const behind = typeof value === 'string' && value.startsWith(api) ? value.slice(api.length) : '';
  return { ...config, [key]: `${url}${behind}` };
};

const valueAt = (config: JsonObject, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (isJsonObject(value) ? value[key] : undefined), config);

const configuredCatalog = (file: string): NonNullable<SourceSuiteOptions['catalog']> => {
  const catalog = readDocument(file);
  const { streams } = catalog;
  const isConfigured = (entry: unknown) => isJsonObject(entry) && isJsonObject(entry['stream']);
  if (Array.isArray(streams) && streams.length > 0 && streams.every(isConfigured)) {
    // The suite takes it as it is: what the connector makes of a wrong one is for the suite to see.
    return catalog as unknown as NonNullable<SourceSuiteOptions['catalog']>;
  }
  throw new CommandError(`${file}: expected a configured catalog: {"streams": [{"stream": {…}, "sync_mode": "…"}]}.`);
};
