import type { JsonObject } from '../protocol/json.ts';
import type { ConnectorSpecification } from '../protocol/types.ts';
import type { ValidationMode } from '../schema/validator.ts';
import type { StateInterval } from '../stream/state-throttle.ts';
import type { Stream } from '../stream/stream.ts';

/** What `prepare` may tell the platform. */
export interface PrepareContext {
  /**
   * Asks the platform to keep a changed config, such as a new refresh token: a CONTROL message with it in clear. Can be
   * called later too, as long as the command runs. Resolves when the message is out of the process: wait for it before a
   * token is used that cannot be had twice.
   */
  readonly saveConfig: (config: JsonObject) => Promise<void>;
  /** Aborts when the command is to end. */
  readonly signal: AbortSignal;
}

/** A connector that reads: what it needs to be configured with, how to tell that it works, and its streams. */
export abstract class Source<C extends JsonObject = JsonObject> {
  // You must say these.

  /**
   * Tells whether the connector works with this config.
   *
   * Called by the `check` command with a config that satisfies the spec. Return nothing when it works, or a sentence that
   * says what is wrong. A throw of a `config_error`, such as an `HttpStatusError` for a 401, counts as an answer too; any
   * other throw fails the command.
   */
  abstract check(config: C): Promise<string | void> | string | void;

  /** The streams there are with this config. Called once a command. */
  abstract streams(config: C): Promise<readonly Stream[]> | readonly Stream[];

  // You may change these.

  /**
   * What the connector needs to know, as the protocol's ConnectorSpecification: `connectionSpecification` is the JSON
   * Schema of the config. Properties with `airbyte_secret: true` never appear in anything the connector prints.
   *
   * @default the file `spec.json`, `spec.yaml` or `spec.yml` in `directory`
   */
  readonly spec?: ConnectorSpecification;

  /**
   * Where `spec.json` and `schemas/` are, e.g. `new URL('..', import.meta.url)`.
   *
   * @default the nearest folder with a `package.json` at or above the file Node was started with
   */
  readonly directory?: string | URL;

  /**
   * What to do with records that do not satisfy their schema: `repair` converts without loss, `strict` takes none.
   *
   * @default 'repair'
   */
  readonly validation: ValidationMode = 'repair';

  /**
   * How many slices of all streams are read at once, at most; `--concurrency` wins over it. With 1, streams are read one
   * after another.
   *
   * @default 32
   */
  readonly concurrency: number = 32;

  /**
   * How often a STATE goes out while a stream is read, at most: so much is read again after a crash.
   *
   * @default every 5 seconds, and after 10000 records
   */
  readonly stateInterval?: StateInterval;

  /**
   * Completes the config before `check` and `streams` see it: resolves ids, refreshes tokens.
   *
   * @default the config as it is
   */
  prepare(config: C, _context: PrepareContext): Promise<C> | C {
    return config;
  }
}
