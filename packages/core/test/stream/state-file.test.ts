import { expect, test } from '@jest/globals';
import { readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@headwater/testing';
import { InputFileError } from '../../src/errors.ts';
import { StateFile, StateFileDraft, stateFilePath } from '../../src/stream/state-file.ts';

const write = (path: string, lines: readonly string[]): void => {
  const draft = new StateFileDraft(path, { version: 1 });
  for (const line of lines) draft.add(line);
  draft.commit();
};

const read = async (path: string): Promise<readonly string[] | undefined> => {
  const file = await StateFile.open(path, 1);
  if (!file) return undefined;
  const lines: string[] = [];
  for await (const line of file.lines()) lines.push(line);
  await file.close();
  return lines;
};

test('reads what it wrote', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'state', 'a.keys');
  // More than one piece of the disk, and characters that a piece may cut.
  const lines = Array.from({ length: 20_000 }, (_, id) => `["${id} ü€"]`);
  write(path, lines);

  expect(await read(path)).toEqual(lines);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder.path, 'state'))).toEqual(['a.keys']);
});

test('reads a file without lines', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'a.keys');
  write(path, []);

  expect(await read(path)).toEqual([]);
});

test('knows of no file before the first is whole', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'a.keys');
  const draft = new StateFileDraft(path, { version: 1 });
  draft.add('[1]');

  expect(await read(path)).toBeUndefined();
  draft.discard();
  draft.discard();
  expect(await readdir(folder.path)).toEqual([]);
});

test('keeps two writers apart: the last one counts', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'a.keys');
  const [one, other] = [new StateFileDraft(path, { version: 1 }), new StateFileDraft(path, { version: 1 })];
  one.add('[1]');
  other.add('[2]');
  one.commit();
  expect(await read(path)).toEqual(['[1]']);
  other.commit();
  expect(await read(path)).toEqual(['[2]']);
});

test.each([
  ['cut short', (text: string) => text.slice(0, -10)],
  ['cut at a line', (text: string) => text.slice(0, text.indexOf('[2]'))],
  ['changed in one character', (text: string) => text.replace('[2]', '[3]')],
  ['empty', () => ''],
  ['of a later version', (text: string) => text.replace('"version":1', '"version":2')],
])('refuses a file that is %s', async (_name, damage) => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'a.keys');
  write(path, ['[1]', '[2]']);
  await writeFile(path, damage(await readFile(path, 'utf8')));

  await expect(read(path)).rejects.toThrow(/damaged/);
});

test('says which version it does not know', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'a.keys');
  new StateFileDraft(path, { version: 2 }).commit();

  await expect(read(path)).rejects.toThrow(/version":2.*knows only version 1/);
});

test('removes what a process left that ended before its file was whole', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'a.keys');
  const [stale, fresh, other] = [`${path}.1-a.tmp`, `${path}.2-b.tmp`, join(folder.path, 'b.keys.1-a.tmp')];
  for (const file of [stale, fresh, other]) await writeFile(file, '');
  for (const file of [stale, other]) await utimes(file, 0, 0);
  write(path, []);

  expect((await readdir(folder.path)).toSorted()).toEqual(['a.keys', 'a.keys.2-b.tmp', 'b.keys.1-a.tmp']);
});

test('names the variable when the directory cannot be written', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'file'), '');

  expect(() => new StateFileDraft(join(folder.path, 'file', 'a.keys'), {})).toThrow(InputFileError);
  expect(() => new StateFileDraft(join(folder.path, 'file', 'a.keys'), {})).toThrow(/^HEADWATER_STATE_DIR: .*a\.keys/);
});

test('gives names of their own to streams that look alike', () => {
  const path = (name: string, namespace: string | null) => stateFilePath('/d', name, 'keys', { name, namespace });

  expect(new Set([path('a/b', null), path('a_b', null), path('a_b', 'x')]).size).toBe(3);
  expect(path('../a/b', null)).toMatch(/^\/d\/___a_b-[\w-]{16}\.keys$/);
});
