import { sourceRules } from './source-rules.ts';
import { sourceRuns } from './source-runs.ts';
import type { SourceSuiteOptions } from './source-options.ts';
import { registerRules, type TestOptions } from './test-runner.ts';

/**
 * Registers one test for every rule that a good source keeps, with the test runner that is there.
 *
 * @param connector a program and its first arguments, or the path of a module that this very Node runs
 * @throws TypeError when `only` or `skip` names no rule
 * @example
 * import { standardSourceSuite } from '@headwater/testing';
 * standardSourceSuite('dist/main.js', { config: { base_url: 'https://api.example.com', api_key: 'k' }, cassettes: 'cassettes' });
 */
export const standardSourceSuite = (
  connector: readonly string[] | string,
  options: Omit<SourceSuiteOptions, 'onRule'> & TestOptions,
): void => registerRules(sourceRules, sourceRuns(connector, options), options);
