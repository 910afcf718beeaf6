/** `npm run bench`: a connector against the bare loop and the floor, in speed, memory, requests and start-up. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { asProcess } from './as-process.ts';
import { connector, prepareContestants } from './contestants.ts';
import { assertEqualRecords } from './equal-records.ts';
import { readOptions } from './options.ts';
import type { Options } from './options.ts';
import { planOf } from './plan.ts';
import { writeReadme } from './readme.ts';
import { report } from './report.ts';
import { measureRequests } from './request-cost.ts';
import { resultsOf } from './results.ts';
import { measureRounds } from './rounds.ts';
import { measureStartUp } from './start-up.ts';
import { startServer } from './start-server.ts';
import { summarise } from './summary.ts';
import type { Summary } from './summary.ts';

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

const bench = async (options: Options): Promise<Summary> => {
  const { long, warmUps, repeats, short, shortRepeats, requests: load, startUpRepeats } = planOf(options);
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
    tell('Requests.');
    const requests = await measureRequests(server.url, load);
    tell('Start-up.\n');
    const startup = await measureStartUp(connector, startUpRepeats);
    return summarise({ results: resultsOf([...longReads, ...shortReads]), requests, startup }, options);
  } finally {
    server.stop();
  }
};

await asProcess(async () => {
  const options = readOptions();
  if (options === undefined) return;
  const summary = await bench(options);
  tell(report(summary));
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(summary, null, 2)}\n`);
  if (options.readme) writeReadme(summary);
  if (options.enforce && summary.targets.some(({ met }) => !met)) process.exitCode = 1;
});
