import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from '@jest/globals';

import { startConnector } from '../src/start-connector.ts';
import { temporaryFolder } from '../src/temporary-folder.ts';

const NUMBERS = `
  const wanted = Number(process.argv[2]);
  let n = 0;
  const more = () => {
    while (n < wanted) {
      if (!process.stdout.write(JSON.stringify({ n: n++, fill: 'x'.repeat(1000) }) + '\\n')) {
        process.stdout.once('drain', more);
        return;
      }
    }
  };
  process.stdout.on('error', ({ code }) => { console.error(code + ' at ' + (n < wanted)); process.exit(0); });
  process.on('SIGTERM', () => { console.error('stopped at ' + (n < wanted)); process.exit(143); });
  more();
`;

test('meets a full pipe while nobody reads', async () => {
  await using folder = await temporaryFolder();
  const main = await folder.write('main.mjs', NUMBERS);
  await using running = startConnector(main, ['5000']);
  running.pause();
  let ended = false;
  void running.result.then(() => (ended = true));

  await sleep(500);
  expect(ended).toBe(false);
  running.resume();

  const run = await running.result;
  expect(run.exitCode).toBe(0);
  expect(run.messages).toHaveLength(5000);
  expect(run.messages.at(-1)).toMatchObject({ n: 4999 });
});

test('lets a paused connector be stopped', async () => {
  await using folder = await temporaryFolder();
  const main = await folder.write('main.mjs', NUMBERS);
  await using running = startConnector(main, ['1000000'], {
    onLine: () => {
      running.pause();
      running.kill();
      running.resume();
    },
  });

  expect(await running.result).toMatchObject({ exitCode: 143, stderr: expect.stringContaining('stopped at true') });
});

test('breaks the pipe when stdout is closed', async () => {
  await using folder = await temporaryFolder();
  const main = await folder.write('main.mjs', NUMBERS);
  await using running = startConnector(main, ['1000000'], { onLine: () => running.closeStdout() });

  expect(await running.result).toMatchObject({ exitCode: 0, signal: null, notJson: [], stderr: 'EPIPE at true\n' });
});

test('leaves no process behind its scope', async () => {
  let pid: number | undefined;
  {
    await using running = startConnector(['sleep'], ['60']);
    pid = running.pid;
    expect(process.kill(pid ?? 0, 0)).toBe(true);
  }

  expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
});

test('does not mind a connector that leaves its stdin unread', async () => {
  await using running = startConnector(['true'], [], { stdin: 'x'.repeat(1_000_000) });

  expect(await running.result).toMatchObject({ exitCode: 0 });
});
