import { expect, test } from '@jest/globals';
import type { ConfiguredAirbyteCatalog } from '@headwater/core';
import { temporaryFolder } from '@headwater/testing';
import { configFor, headwater, TEMPLATE } from './run.ts';

const discover = async (...args: string[]) => {
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', configFor({ url: 'http://127.0.0.1:9' }));
  return await headwater(TEMPLATE, 'discover', '--config', config, ...args);
};

test('shows the streams and their fields', async () => {
  const { status, stdout, stderr } = await discover();

  expect(stderr).toContain('issues (full_refresh, incremental; key id; cursor updated_at)\n');
  expect(stderr).toMatch(/^ {2}id +integer +key$/m);
  expect(stderr).toMatch(/^ {2}closed_at +string, date-time or null$/m);
  expect(stderr).toMatch(/\n3 streams\.\n$/);
  expect(stdout).toBe('');
  expect(status).toBe(0);
});

test('prints the catalog as JSON', async () => {
  const { stdout, stderr } = await discover('--json', '--stream', 'issues');

  expect(JSON.parse(stdout)).toMatchObject({ streams: [{ name: 'issues', default_cursor_field: ['updated_at'] }] });
  expect(stderr).toBe('');
});

test('prints a configured catalog that read takes', async () => {
  const { stdout } = await discover('--configured');

  const { streams } = JSON.parse(stdout);
  expect(
    streams.map(({ stream, sync_mode }: ConfiguredAirbyteCatalog['streams'][number]) => [stream.name, sync_mode]),
  ).toEqual([
    ['repositories', 'full_refresh'],
    ['issues', 'incremental'],
    ['commits', 'full_refresh'],
  ]);
});
