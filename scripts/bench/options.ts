import { readArguments } from './arguments.ts';

export interface Options {
  /** Where to write the results as JSON. */
  readonly json: string | undefined;
  readonly quick: boolean;
  /** Measured rounds. */
  readonly repeats: number;
  /** Write the table of the README anew. */
  readonly readme: boolean;
  /** End with exit code 1 when a target is missed. */
  readonly enforce: boolean;
}

const HELP = `npm run bench -- [options]

Measures a connector's read against (b) a bare loop of got, JSON.parse and JSON.stringify and against (c) byte splicing,
what a request costs against bare got and node:http, and the connector's spec against a Node process that does nothing.
The tables go to stderr.

  --json FILE    write all results to FILE as JSON
  --quick        a minute or two for a first look: one round, no (c), no gzip, few requests
  --repeats N    measured rounds (default 5; 1 with --quick)
  --readme       write the results between the marks in README.md; not with --quick
  --enforce      exit with 1 when a target is missed
  --help         this text

After npm run build, and with a --help of their own:

  node scripts/dist/bench/requests.js   what a request costs, alone
  node scripts/dist/bench/cache.js      what a replay from the response cache costs
`;

/** The options of this process; undefined where help was wanted and has been given. Throws for what it does not know. */
export const readOptions = (): Options | undefined => {
  const given = readArguments(HELP, {
    json: 'text',
    quick: 'flag',
    repeats: 'count',
    readme: 'flag',
    enforce: 'flag',
  });
  if (given === undefined) return undefined;
  const { json, quick, readme, enforce, repeats = quick ? 1 : 5 } = given;
  if (quick && readme) throw new Error('--readme: a quick look is no result to publish. Leave --quick out.');
  return { json, quick, repeats, readme, enforce };
};
