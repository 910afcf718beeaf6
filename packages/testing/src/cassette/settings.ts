import { CassetteError } from './cassette-error.ts';
import { parseFault, type CassetteFault } from './fault.ts';

export type CassetteMode = 'record' | 'replay' | 'off';

export interface CassetteOptions {
  /** The folder of the cassettes: one file a stream, and `connection.json` for what no stream asked. */
  readonly directory: string;
  /**
   * `record` sends requests and writes them down, `replay` answers them from what was written down and sends none,
   * `off` only sends them.
   *
   * @default `HEADWATER_CASSETTE`, else 'replay'
   */
  readonly mode?: CassetteMode;
  /**
   * Names of fields whose values are replaced by others of the same form, in JSON, XML, forms and queries, beside those
   * that name credentials. Upper and lower case, `_` and `-` make no difference.
   *
   * @default `HEADWATER_CASSETTE_REDACT`, separated by commas, else none
   */
  readonly redact?: readonly string[];
  /**
   * Texts that must not be written down, beside the secrets that the kit knows of. Shorter ones than four characters are
   * not looked for.
   *
   * @default none
   */
  readonly secrets?: readonly string[];
  /**
   * Names of query parameters and body fields in which a request may differ from the recorded one, such as an `until`
   * that is the time of the run. A cassette remembers those it was recorded with.
   *
   * @default `HEADWATER_CASSETTE_IGNORE`, separated by commas, else none
   */
  readonly ignore?: readonly string[];
  /**
   * Record only: where requests are sent in place of the origin the connector asked for, which is written down.
   *
   * @default `HEADWATER_CASSETTE_ORIGIN`, else the origin asked for
   */
  readonly origin?: string;
  /**
   * Replay only: `KIND@N` has the N-th request, from 1, first meet a fault: `429`, `500`, `503`, `reset` or `truncate`.
   *
   * @default `HEADWATER_CASSETTE_FAULT`, else none
   */
  readonly fault?: string;
  /**
   * Record only: how many exchanges of one stream are written down.
   *
   * @default `HEADWATER_CASSETTE_LIMIT`, else 1000
   */
  readonly limit?: number;
}

/** The options with the environment's in the place of those that are not said. */
export interface CassetteSettings {
  readonly directory: string;
  readonly mode: CassetteMode;
  readonly redact: readonly string[];
  readonly secrets: readonly string[];
  readonly ignore: readonly string[];
  readonly origin: string | undefined;
  readonly fault: CassetteFault | undefined;
  readonly limit: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws CassetteError when an option or a variable has a value that is none */
export const settingsOf = (options: CassetteOptions, env: Environment = process.env): CassetteSettings => {
  const said = (name: string): string | undefined => env[`HEADWATER_CASSETTE${name}`] || undefined;
  const list = (name: string): string[] | undefined =>
    said(name)
      ?.split(',')
      .map((item) => item.trim())
      .filter(Boolean);
  const { directory, mode = said('') ?? 'replay', redact = list('_REDACT') ?? [], secrets = [] } = options;
  const { ignore = list('_IGNORE') ?? [], origin = said('_ORIGIN'), fault = said('_FAULT') } = options;
  if (mode !== 'record' && mode !== 'replay' && mode !== 'off') {
    throw new CassetteError(`HEADWATER_CASSETTE: unknown value ${JSON.stringify(mode)}. Known: record, replay, off.`);
  }
  return {
    directory,
    mode,
    redact,
    secrets,
    ignore,
    origin: origin === undefined ? undefined : originOf(origin),
    fault: fault === undefined ? undefined : parseFault(fault),
    limit: options.limit ?? countOf(said('_LIMIT')) ?? 1000,
  };
};

const originOf = (text: string): string => {
  const origin = URL.canParse(text) ? new URL(text).origin : 'null';
  if (origin !== 'null') return origin;
  throw new CassetteError(`HEADWATER_CASSETTE_ORIGIN: "${text}" is no origin. Give one like http://127.0.0.1:8080.`);
};

const countOf = (text: string | undefined): number | undefined => {
  if (text === undefined || /^[1-9]\d{0,8}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new CassetteError(
    `HEADWATER_CASSETTE_LIMIT: "${text}" is no number of exchanges. Give a whole number from 1 on.`,
  );
};
