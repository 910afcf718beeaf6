import { replaceWire, type Logger } from '@headwater/core';
import { CassetteError } from './cassette-error.ts';
import { cassetteFiles } from './cassette-file.ts';
import { Recorder } from './recorder.ts';
import { Replayer } from './replayer.ts';
import { settingsOf } from './settings.ts';

/** The exit codes of a connector that came to its end by itself. */
const ENDED = [0, 1];

/**
 * Has a connector's process record, or replay, until its end, as the environment says: `HEADWATER_CASSETTE` and its like.
 * `runSource` calls it.
 *
 * @param options.directory where the cassettes are if `HEADWATER_CASSETTE_DIR` does not say
 * @throws CassetteError when a variable is wrong, or there is nothing to replay
 */
export const startCassettes = async (options: { readonly directory: string; readonly log: Logger }): Promise<void> => {
  const { log } = options;
  const settings = settingsOf({ directory: process.env['HEADWATER_CASSETTE_DIR'] || options.directory });
  const { mode, directory } = settings;
  if (mode === 'off') return;
  // Answers of another sync would be missing in the record, and those of a replay in the next sync that is none.
  delete process.env['HEADWATER_CACHE_DIR'];
  if (mode === 'replay') {
    delete process.env['HEADWATER_TOKEN_STORE'];
    if (cassetteFiles(directory).length === 0) {
      throw new CassetteError(
        `HEADWATER_CASSETTE=replay: there is no cassette in ${directory}. Record one with HEADWATER_CASSETTE=record, or ` +
          `correct HEADWATER_CASSETTE_DIR.`,
      );
    }
    replaceWire(new Replayer(settings, log));
    return;
  }
  const recorder = new Recorder(settings, log);
  replaceWire(recorder);
  log.info(`Recording to ${directory}. Look through the files before you give them to anybody.`);
  process.once('exit', (code) => {
    try {
      recorder.save({ complete: ENDED.includes(code) });
    } catch (error) {
      process.stderr.write(`${String(error)}\n`);
      process.exitCode = 1;
    }
  });
};
