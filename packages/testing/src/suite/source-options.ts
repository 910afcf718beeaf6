import type { ConfiguredAirbyteCatalog, JsonObject } from '@headwater/core';

import type { FaultKind } from './fault-proxy.ts';
import type { LaunchOptions } from './launcher.ts';
import type { RuleResult } from './rule.ts';

/** How the suite makes the API misbehave. */
export interface HostileOptions {
  /** Origin of the API, such as `https://api.example.com`: a proxy that injects faults is put in front of it. */
  readonly api: string;
  /** The config that makes the connector ask the server at `url` instead of the API. `url` has no trailing slash. */
  readonly configOf: (url: string) => JsonObject;
}

export interface SourceSuiteOptions extends LaunchOptions {
  /** A config that works. */
  readonly config: JsonObject;
  /**
   * A config that `check` has to refuse.
   *
   * @default the config with its credentials changed
   */
  readonly invalidConfig?: JsonObject;
  /**
   * The streams to read, as the orchestrator would ask for them.
   *
   * @default all that `discover` finds, incremental where supported
   */
  readonly catalog?: ConfiguredAirbyteCatalog;
  /**
   * Names of the streams to read, of those that `discover` finds. Not beside `catalog`.
   *
   * @default all
   */
  readonly streams?: readonly string[];
  /** Texts that must not be printed, beside the secrets of the config. */
  readonly secrets?: readonly string[];
  /**
   * Fields that differ between two reads of the same record: `updated_at`, `stats.views`, or `issues:updated_at` for
   * one stream only.
   */
  readonly unstableFields?: readonly string[];
  /** How many records a full refresh has, by stream: finds pages that are lost each time. */
  readonly expectedRecords?: Readonly<Record<string, number>>;
  /**
   * How far back before its state a stream reads on purpose, by stream: milliseconds where the cursor is a time.
   *
   * @default 0
   */
  readonly lookback?: Readonly<Record<string, number>>;
  /**
   * STATEs that are resumed from, spread evenly over a read, the first and the last among them.
   *
   * @default 20
   */
  readonly states?: number;
  /**
   * Makes the API misbehave; false for never.
   *
   * @default with `cassettes` their own faults, else never
   */
  readonly hostile?: HostileOptions | false;
  /** @default ['429', '503', 'reset', 'truncate'] */
  readonly faults?: readonly FaultKind[];
  /**
   * Requests of a read that meet each of the faults, spread evenly.
   *
   * @default 25
   */
  readonly positions?: number;
  /**
   * Folder of the recorded answers that the connector replays; it understands `HEADWATER_CASSETTE`. Where that variable
   * says `record`, the suite asks the API instead and records every request of it, those of resumed reads too; where it
   * says `off`, the API is asked and nothing recorded.
   */
  readonly cassettes?: string;
  /**
   * Milliseconds between SIGTERM and the end of the process.
   *
   * @default 10_000
   */
  readonly stopTime?: number;
  /** Names of the only rules to try. */
  readonly only?: readonly string[];
  /** Names of rules to leave out. */
  readonly skip?: readonly string[];
  /** Called when a rule begins, and when it is done: for progress. */
  readonly onRule?: (rule: { readonly id: string; readonly title: string }, result?: RuleResult) => void;
}
