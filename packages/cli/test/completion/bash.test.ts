import { spawnSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@headwater/testing';

import { headwater, ROOT, writeFiles } from '../headwater.ts';

/** A shell that has loaded the script, with the command on its PATH, in a folder with a few files. */
const shell = async (program: 'bash' | 'zsh', script: string) => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'bin'));
  await symlink(join(ROOT, 'packages/cli/bin/headwater.js'), join(folder.path, 'bin/headwater'));
  await writeFiles(folder.path, { 'config.json': '{}', 'my files/a.json': '{}', 'schemas/items.json': '{}' });
  const path = `${join(folder.path, 'bin')}:${process.env['PATH']}`;
  return spawnSync(program, ['-c', script], {
    cwd: folder.path,
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  });
};

/** What bash offers when Tab is pressed behind these words; the last one is the one at the cursor. */
const bashOffers = async (...words: string[]): Promise<string[]> => {
  const { stdout, stderr } = await shell(
    'bash',
    `source <(headwater completion bash)
     complete -p headwater >&2
     COMP_WORDS=(headwater ${words.map((word) => `'${word}'`).join(' ')})
     COMP_CWORD=${words.length}
     _headwater headwater
     printf '%s\\n' "\${COMPREPLY[@]}"`,
  );
  expect(stderr.trim()).toBe('complete -F _headwater headwater');
  return stdout.trim().split('\n');
};

test.each([
  ['commands', ['ty'], ['types']],
  ['commands of commands', ['oauth', 'l'], ['login']],
  ['options', ['new', '--base'], ['--base-url']],
  ['the choices of an option', ['new', '--kind', 'from'], ['from-response']],
  ['the choices behind an equals sign, which is a word of its own', ['new', '--kind', '=', 'open'], ['openapi']],
  ['all choices right behind the equals sign', ['new', '--kind', '='], ['source-http', 'openapi', 'from-response']],
  ['the choices of an argument', ['completion', ''], ['bash', 'zsh']],
  ['files where an option wants one', ['oauth', 'login', '--config', 'con'], ['config.json']],
  ['folders where an option wants one', ['new', '--kit', 'my'], ['my files']],
  ['nothing where anything may stand', ['new', '--title', ''], ['']],
  ['nothing behind an unknown option', ['new', '--unknown=', ''], ['']],
])('offers in bash %s', async (_, words, offered) => {
  expect(await bashOffers(...words)).toEqual(offered);
});

test('says so to zsh with descriptions, and escapes colons', async () => {
  const script = `
    autoload -Uz compinit; compinit -u -D
    source <(headwater completion zsh)
    _describe() { print -l "\${(@P)2}"; }
    words=(headwater ne); CURRENT=2
    _headwater`;
  const { error, stdout } = await shell('zsh', script);
  if (error) {
    process.stderr.write('There is no zsh on this machine: its completion is not tried.\n');
    return;
  }
  expect(stdout).toContain('new:Make a connector');
});

test('does not know other shells', () => {
  const { status, stderr } = headwater(ROOT, 'completion', 'fish');
  expect(stderr).toContain('Allowed choices are bash, zsh');
  expect(status).toBe(2);
});

test('leaves the command that the script asks out of the help', () => {
  expect(headwater(ROOT, '--help').stdout).not.toMatch(/^ +complete /m);
});
