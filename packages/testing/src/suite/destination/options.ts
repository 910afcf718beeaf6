import type { JsonObject } from '@headwater/core';

import type { LaunchOptions } from '../launcher.ts';
import type { RuleResult } from '../rule.ts';

export interface DestinationSuiteOptions extends LaunchOptions {
  /** A config that works, of a place where the suite may write: streams whose names begin with `headwater_`. */
  readonly config: JsonObject;
  /**
   * A config that `check` has to refuse.
   *
   * @default the config with its credentials changed
   */
  readonly invalidConfig?: JsonObject;
  /** Texts that must not be printed, beside the secrets of the config. */
  readonly secrets?: readonly string[];
  /**
   * Reads back what the destination holds of a stream. With it, the suite looks whether a record is really there when
   * its STATE is acknowledged.
   *
   * @default not read back
   */
  readonly stored?: (stream: string) => Promise<readonly JsonObject[]>;
  /**
   * Bytes of the largest record that is written.
   *
   * @default 1_000_000
   */
  readonly bigRecord?: number;
  /** Names of the only rules to try. */
  readonly only?: readonly string[];
  /** Names of rules to leave out. */
  readonly skip?: readonly string[];
  /** Called when a rule begins, and when it is done: for progress. */
  readonly onRule?: (rule: { readonly id: string; readonly title: string }, result?: RuleResult) => void;
}
