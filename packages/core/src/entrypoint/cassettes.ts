import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../errors.ts';
import type { Logger } from '../output/logger.ts';

const VARIABLE = 'HEADWATER_CASSETTE';
const TEST_KIT = '@headwater/testing/cassette';
const MODES = ['record', 'replay', 'off'];

/** What the test kit exports for a connector's process. */
interface TestKit {
  /** Replaces the wire of this process until its end. */
  startCassettes(options: { readonly directory: string; readonly log: Logger }): Promise<unknown>;
}

/**
 * Has the test kit record the exchanges of this process, or answer them from a record, if the environment says so. The
 * kit is looked for beside the connector, since core does not depend on it.
 *
 * @param directory of the connector's package
 * @throws ConfigError when `HEADWATER_CASSETTE` is none of record, replay and off, or the test kit is not installed
 */
export const useCassettes = async (directory: string, log: Logger): Promise<void> => {
  const mode = process.env[VARIABLE] ?? '';
  if (mode === '' || mode === 'off') return;
  if (!MODES.includes(mode)) throw wrong(`unknown value ${JSON.stringify(mode)}. Known: ${MODES.join(', ')}`);
  const kit = (await import(pathToFileURL(findTestKit(directory)).href)) as TestKit;
  await kit.startCassettes({ directory: join(directory, 'cassettes'), log });
};

const findTestKit = (directory: string): string => {
  const script = process.argv[1];
  const places = [
    ...(script !== undefined && existsSync(script) ? [script] : []),
    join(directory, 'package.json'),
    import.meta.url,
  ];
  for (const place of places) {
    try {
      return createRequire(place).resolve(TEST_KIT);
    } catch {
      // Not installed there.
    }
  }
  throw wrong(`${TEST_KIT} is not installed beside the connector. Run npm install --save-dev @headwater/testing`);
};

const wrong = (problem: string): ConfigError =>
  new ConfigError([{ pointer: '', message: `the environment variable ${VARIABLE}: ${problem}` }]);
