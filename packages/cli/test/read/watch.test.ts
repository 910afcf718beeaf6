import { expect, test } from '@jest/globals';
import { demoApi } from '@headwater/testing';
import { configFor, copyOfTemplate, start } from './run.ts';

test('reads again after each change, and survives mistakes', async () => {
  await using api = await demoApi({ faults: false });
  await using place = await copyOfTemplate(configFor(api));
  const running = start(place.path, 'read', '--stream', 'repositories', '--limit', '1', '--watch');
  await running.says('Watching for changes.');

  await place.change('src/streams.ts', "return 'repositories';", 'return return;');
  await running.says('src/streams.ts has changed.');
  await running.says('src/streams.ts:25:11');
  await running.says('Watching for changes.');
  await place.change('src/streams.ts', 'return return;', "return 'repositories';");
  await running.says('src/streams.ts has changed.');
  await running.says('done (limit)');
  await running.says('Watching for changes.');
  running.child.kill('SIGINT');

  const { status, stdout } = await running.ended;
  expect(stdout.match(/"name":"atlas"/g)).toHaveLength(2);
  expect(status).toBe(0);
});

test('ends a run that is not over when something changes', async () => {
  await using api = await demoApi({ faults: false });
  await using place = await copyOfTemplate(configFor({ url: 'http://127.0.0.1:9' }));
  const running = start(place.path, 'read', '--stream', 'repositories', '--limit', '1', '--watch');
  // It tries again and again: nobody listens there.
  await running.says('refuses the connection');

  await place.write('config.json', configFor(api));

  await running.says('config.json has changed.');
  await running.says('done (limit)');
  running.child.kill('SIGINT');
  expect((await running.ended).stdout).toContain('"name":"atlas"');
});
