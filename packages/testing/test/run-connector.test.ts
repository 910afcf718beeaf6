import { expect, test } from '@jest/globals';

import { runConnector } from '../src/run-connector.ts';
import { temporaryFolder } from '../src/temporary-folder.ts';

test('gives what a process printed and how it ended', async () => {
  await using folder = await temporaryFolder();
  const main = await folder.write(
    'main.mjs',
    `console.log(JSON.stringify({ type: 'RECORD', record: { stream: 's', data: { args: process.argv.slice(2) }, emitted_at: 0 } }));
     console.log('stray');
     console.log('[1]');
     console.log('');
     process.stdout.write('{"type":"LOG","log":{"level":"INFO","message":"no line feed"}}');
     console.error('on stderr');
     process.exitCode = 3;`,
  );

  const run = await runConnector(main, ['read', '--config=a b']);

  expect(run).toMatchObject({ exitCode: 3, signal: null, stderr: 'on stderr\n', notJson: ['stray', '[1]', ''] });
  expect(run.recordsOf('s')).toEqual([{ args: ['read', '--config=a b'] }]);
  expect(run.logs).toEqual([{ level: 'INFO', message: 'no line feed' }]);
  expect(run.stdout).toContain('stray\n[1]\n\n{');
});

test('runs any program, with variables, a folder and stdin', async () => {
  await using folder = await temporaryFolder();

  const script = 'cat; echo; echo "{\\"dir\\":\\"$PWD\\",\\"got\\":\\"$GREETING$HOME\\",\\"arg\\":\\"$1\\"}"';
  const run = await runConnector(['/bin/sh', '-c', script, 'sh'], ['one'], {
    env: { GREETING: 'hé', HOME: undefined },
    cwd: folder.path,
    stdin: '{"from":"stdin"}',
  });

  expect(run.messages).toEqual([{ from: 'stdin' }, { dir: folder.path, got: 'hé', arg: 'one' }]);
});

test('decodes characters that two chunks share', async () => {
  await using folder = await temporaryFolder();
  const main = await folder.write(
    'main.mjs',
    `import { setTimeout } from 'node:timers/promises';
     for (const byte of Buffer.from('{"word":"é€😀"}\\n')) {
       process.stdout.write(Buffer.of(byte));
       await setTimeout(2);
     }`,
  );

  expect((await runConnector(main, [])).messages).toEqual([{ word: 'é€😀' }]);
});

test('takes a line of many megabytes', async () => {
  await using folder = await temporaryFolder();
  const main = await folder.write(
    'main.mjs',
    `process.stdout.write(JSON.stringify({ text: 'x'.repeat(20_000_000) }) + '\\n{"after":1}\\n');`,
  );

  const run = await runConnector(main, []);

  expect(run.stdout).toHaveLength(20_000_011 + '\n{"after":1}\n'.length);
  expect(run.messages).toHaveLength(2);
  expect(run.notJson).toEqual([]);
});

test('shows every message as it arrives', async () => {
  await using folder = await temporaryFolder();
  const main = await folder.write('main.mjs', `console.log('{"n":1}\\nno\\n{"n":2}');`);
  const seen: unknown[] = [];

  await runConnector(main, [], { onLine: (message) => seen.push(message) });

  expect(seen).toEqual([{ n: 1 }, { n: 2 }]);
});

test('rejects with what onLine throws and ends the process', async () => {
  await using folder = await temporaryFolder();
  const main = await folder.write('main.mjs', `console.log('{}'); setInterval(() => {}, 1000);`);

  const run = runConnector(main, [], {
    onLine: () => {
      throw new RangeError('from onLine');
    },
  });

  await expect(run).rejects.toThrow('from onLine');
});

test.each([
  ['SIGTERM unless told otherwise', {}, { exitCode: 143, signal: null }],
  ['the signal it is told', { signal: 'SIGKILL' }, { exitCode: null, signal: 'SIGKILL' }],
] as const)('sends %s after the chosen message', async (_what, options, end) => {
  await using folder = await temporaryFolder();
  const main = await folder.write(
    'main.mjs',
    `process.once('SIGTERM', () => { process.exitCode = 143; clearInterval(timer); });
     let n = 0;
     const timer = setInterval(() => console.log(JSON.stringify({ n: ++n })), 5);`,
  );

  const run = await runConnector(main, [], {
    killAfter: (message) => 'n' in message && message.n === 3,
    ...options,
  });

  expect(run).toMatchObject(end);
  expect(run.messages.slice(0, 3)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
});

test('kills a process that does not end and tells what it printed', async () => {
  const script = `trap '' TERM; echo '{"n":1}'; echo waiting >&2; exec sleep 60`;

  const error: unknown = await runConnector(['/bin/sh', '-c', script], ['read'], { timeout: 1000 }).catch(
    (reason: unknown) => reason,
  );

  expect(error).toMatchObject({ code: 'HEADWATER_CONNECTOR_TIMEOUT', stdout: '{"n":1}\n', stderr: 'waiting\n' });
  expect(String(error)).toContain('sleep 60 read did not end within 1000 ms and was killed.');
  expect(String(error)).toContain('The end of its stderr: \nwaiting');
});

test('rejects when the program cannot be started', async () => {
  await expect(runConnector(['/no/such/program'], [])).rejects.toThrow('ENOENT');
  expect(() => runConnector([], [])).toThrow('The command is empty');
});
