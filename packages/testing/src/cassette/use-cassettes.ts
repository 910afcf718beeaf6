import { replaceWire, type Logger } from '@headwater/core';
import { CassetteError } from './cassette-error.ts';
import { cassetteFiles } from './cassette-file.ts';
import { Recorder } from './recorder.ts';
import { Replayer } from './replayer.ts';
import { settingsOf, type CassetteMode, type CassetteOptions } from './settings.ts';

/** A recorded exchange that no request of the replay asked for. */
export interface UnusedExchange {
  /** Undefined for a request of no stream. */
  readonly stream: string | undefined;
  readonly method: string;
  /** As it is written down. */
  readonly url: string;
}

/** Cassettes in use: all clients of this process that were not given a wire of their own go by them. */
export interface Cassettes extends AsyncDisposable {
  readonly mode: CassetteMode;
  /** What was recorded and has not been replayed; nothing while recording. */
  unused(): readonly UnusedExchange[];
  /** Ends the use: gives the clients their wire back and, after a recording, writes the files. */
  close(): Promise<void>;
}

/**
 * Records the exchanges of this process, or answers them from a record, until the end of the scope. Clients that were made
 * before go by them too; a client with `HttpOptions.wire` does not.
 *
 * @throws CassetteError when an option is wrong, or there is nothing to replay
 * @example
 * await using cassettes = await useCassettes({ directory: 'cassettes' });
 * expect(await collect(new Issues({ config }))).toHaveLength(240);
 * expect(cassettes.unused()).toEqual([]);
 */
export const useCassettes = async (options: CassetteOptions & { readonly log?: Logger }): Promise<Cassettes> => {
  const settings = settingsOf(options);
  const { mode, directory } = settings;
  if (mode === 'replay' && cassetteFiles(directory).length === 0) {
    throw new CassetteError(
      `There is no cassette in ${directory}. Record one with HEADWATER_CASSETTE=record, or correct HEADWATER_CASSETTE_DIR.`,
    );
  }
  const recorder = mode === 'record' ? new Recorder(settings, options.log) : undefined;
  const replayer = mode === 'replay' ? new Replayer(settings, options.log) : undefined;
  const before = replaceWire(recorder ?? replayer);
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    replaceWire(before);
    recorder?.save({ complete: true });
  };
  return {
    mode,
    unused: () =>
      (replayer?.unused() ?? []).map(({ stream, interaction: { request } }) => ({
        stream,
        method: request.method,
        url: request.url,
      })),
    close,
    [Symbol.asyncDispose]: close,
  };
};
