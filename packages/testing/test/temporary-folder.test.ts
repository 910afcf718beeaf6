import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { temporaryFolder } from '../src/temporary-folder.ts';

test('writes text, bytes and values', async () => {
  await using folder = await temporaryFolder();

  const text = await folder.write('a.txt', 'é');
  const bytes = await folder.write('b.bin', Buffer.from([0, 255]));
  const value = await folder.write('deep/er/c.json', { id: 2n ** 60n, list: [null] });

  expect(text).toBe(join(folder.path, 'a.txt'));
  expect(readFileSync(text, 'utf8')).toBe('é');
  expect([...readFileSync(bytes)]).toEqual([0, 255]);
  expect(readFileSync(value, 'utf8')).toBe('{"id":1152921504606846976,"list":[null]}');
});

test('goes away with its scope', async () => {
  let path = '';
  {
    await using folder = await temporaryFolder();
    path = folder.path;
    await folder.write('sub/file', '');
    expect(readdirSync(path)).toEqual(['sub']);
  }

  expect(existsSync(path)).toBe(false);
});
