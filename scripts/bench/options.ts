import { parseArgs } from 'node:util';

export interface Options {
  /** Where to write the results as JSON. */
  readonly json: string | undefined;
  readonly quick: boolean;
  /** Measured rounds. */
  readonly repeats: number;
  /** End with exit code 1 when a target is missed. */
  readonly enforce: boolean;
}

const HELP = `npm run bench -- [options]

Measures a connector's read against (b) a bare loop of got, JSON.parse and JSON.stringify and against (c) byte splicing,
and its spec against a Node process that does nothing. The table goes to stderr.

  --json FILE    write all results to FILE as JSON
  --quick        a minute for a first look: one round, no (c), no gzip
  --repeats N    measured rounds (default 5; 1 with --quick)
  --enforce      exit with 1 when a target is missed
  --help         this text
`;

/** The options of this process; undefined where help was wanted and has been given. Throws for what it does not know. */
export const readOptions = (): Options | undefined => {
  const { values } = parseArgs({
    options: {
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
      repeats: { type: 'string' },
      enforce: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return undefined;
  }
  const { json, quick, enforce } = values;
  const repeats = Number(values.repeats ?? (quick ? 1 : 5));
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new Error(`--repeats: "${values.repeats}" is not a number of rounds. Give a whole number from 1.`);
  }
  return { json, quick, repeats, enforce };
};
