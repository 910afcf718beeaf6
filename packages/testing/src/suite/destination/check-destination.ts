import { tryAll, type SuiteReport } from '../check-source.ts';
import { chosenRules } from '../rule.ts';
import { registerRules, type TestOptions } from '../test-runner.ts';
import type { DestinationSuiteOptions } from './options.ts';
import { destinationRules } from './rules.ts';
import { destinationRuns } from './runs.ts';

/**
 * Tries every rule on a destination: any executable that speaks the Airbyte protocol, whatever its language.
 *
 * @param command a program and its first arguments, or the path of a module that this very Node runs
 * @throws what `spawn` throws when the command cannot be started, and a `TypeError` for options that make no sense
 */
export const checkDestination = async (
  command: readonly string[] | string,
  options: DestinationSuiteOptions,
): Promise<SuiteReport> => tryAll(chosenRules(destinationRules, options), destinationRuns(command, options), options);

/**
 * Registers one test for every rule that a good destination keeps, with the test runner that is there.
 *
 * @example
 * standardDestinationSuite('dist/main.js', { config: { folder: '/data' }, stored: (stream) => readLines(`/data/${stream}`) });
 */
export const standardDestinationSuite = (
  connector: readonly string[] | string,
  options: Omit<DestinationSuiteOptions, 'onRule'> & TestOptions,
): void => registerRules(destinationRules, destinationRuns(connector, options), options);
