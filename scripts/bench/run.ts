/** `npm run bench`: a connector against the bare loop and the floor, in speed, memory and start-up. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connector, prepareContestants } from './contestants.ts';
import { assertEqualRecords } from './equal-records.ts';
import { readOptions } from './options.ts';
import type { Options } from './options.ts';
import { planOf } from './plan.ts';
import { report } from './report.ts';
import { resultsOf } from './results.ts';
import { measureRounds } from './rounds.ts';
import { measureStartUp } from './start-up.ts';
import { startServer } from './start-server.ts';
import { summarise } from './summary.ts';
import type { Summary } from './summary.ts';

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

const bench = async (options: Options): Promise<Summary> => {
  const { long, warmUps, repeats, short, shortRepeats, startUpRepeats } = planOf(options);
  const directory = mkdtempSync(join(tmpdir(), 'headwater-bench-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const server = await startServer();
  try {
    const commands = await prepareContestants(server.url, directory);
    tell('Do all deliver the same records?');
    await assertEqualRecords(commands);
    tell('They do. Long reads:');
    const onRound = (round: string): void => tell(`  ${round}`);
    const longReads = await measureRounds(long, commands, { warmUps, repeats, onRound });
    tell('Short reads:');
    const shortReads = await measureRounds(short, commands, { warmUps: 0, repeats: shortRepeats, onRound });
    tell('Start-up.\n');
    const startUp = await measureStartUp(connector, startUpRepeats);
    return summarise(resultsOf([...longReads, ...shortReads]), startUp, options);
  } finally {
    server.stop();
  }
};

// An end by a signal runs the exit handlers too, so that no files stay behind.
process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));

try {
  const options = readOptions();
  if (options) {
    const summary = await bench(options);
    tell(report(summary));
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(summary, null, 2)}\n`);
    if (options.enforce && summary.targets.some(({ met }) => !met)) process.exitCode = 1;
  }
} catch (error) {
  tell(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
