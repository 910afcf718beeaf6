import { Source } from '@headwater/core';

import type { ConnectorRun } from './connector-run.ts';
import { runSourceHere } from './run-source-here.ts';
import { startConnector, type RunOptions } from './start-connector.ts';

/**
 * Runs a connector to its end: as a process of its own, or, given a source, within this one, which is faster and can be
 * stepped through. A connector that fails is a result like any other; only a process that cannot be started or does not
 * end in time rejects.
 *
 * Within this process `killAfter` stops the source as SIGTERM would, and `console` and signals stay as they are.
 *
 * @param connector a program and its first arguments, the path of a module that this very Node runs, or a source
 * @throws TypeError for a source with an option that only a process has: `env`, `cwd`, `stdin`, `signal`
 * @example
 * const run = await runConnector('dist/main.js', ['read', '--config', config, '--catalog', catalog]);
 * expect(run.exitCode).toBe(0);
 * expect(run.recordsOf('issues')).toHaveLength(240);
 */
export const runConnector = (
  connector: readonly string[] | string | Source,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ConnectorRun> => {
  if (!(connector instanceof Source)) return startConnector(connector, args, options).result;
  const result = runSourceHere(connector, args, options);
  // A test may look at the result late.
  result.catch(() => {});
  return result;
};
