import type { ConnectorRun } from './connector-run.ts';
import { startConnector, type RunOptions } from './start-connector.ts';

/**
 * Runs a connector to its end, as a process of its own. A connector that fails is a result like any other; only a
 * process that cannot be started or does not end in time rejects.
 *
 * @param command a program and its first arguments, or the path of a module that this very Node runs
 * @example
 * const run = await runConnector('dist/main.js', ['read', '--config', config, '--catalog', catalog]);
 * expect(run.exitCode).toBe(0);
 * expect(run.recordsOf('issues')).toHaveLength(240);
 */
export const runConnector = (
  command: readonly string[] | string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ConnectorRun> => startConnector(command, args, options).result;
