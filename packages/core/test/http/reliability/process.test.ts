import { expect, test } from '@jest/globals';
import { probe } from '../../entrypoint/probe.ts';
import { PROCESS_ROWS } from './process-rows.ts';

test.each(PROCESS_ROWS)('ends a process as documented: $fault', async ({ arrange, expect: expected }) => {
  await using scene = await arrange();

  const run = await probe('read', {
    config: { base_url: scene.url, streams: [{ name: 'items', ...scene.stream }] },
    streams: ['items'],
    ...(scene.env && { options: { env: scene.env } }),
  });

  expect(run.exitCode).toBe(expected.exitCode);
  expect(run.recordsOf('items').map(({ id }) => id)).toEqual(expected.records);
  const statuses = run.traces.flatMap(({ stream_status: status }) =>
    status ? [[status.status, ...(status.reasons ?? []).map(({ type }) => type)].join(' ')] : [],
  );
  expect(statuses).toEqual(expected.statuses);
  const { error } = expected;
  expect(run.errors.map(({ failure_type: type }) => type)).toEqual(error ? [error.failureType, error.failureType] : []);
  const said = (run.errors[0]?.message ?? '').replaceAll(scene.url, 'https://api.example.com');
  for (const part of error?.says ?? []) expect(said).toContain(part);
  expect(run.notJson).toEqual([]);
  expect(scene.heard?.() ?? 0).toBe(0);
});
