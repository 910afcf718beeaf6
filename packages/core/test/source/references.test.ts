import { expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { temporaryFolder } from '@headwater/testing';
import { InputFileError } from '../../src/errors.ts';
import { redact } from '../../src/output/redact.ts';
import { resolveReferences } from '../../src/source/references.ts';

const resolve = (document: unknown, env: NodeJS.ProcessEnv = {}) => resolveReferences(document, '--config c.json', env);

test('replaces variables of the environment wherever a text has them, and hides them from then on', async () => {
  const document = { a: ['${env:KEY_A}', 1], b: { url: 'https://u:${env:KEY_B}@host', n: null } };
  const resolved = await resolve(document, { KEY_A: 'first-s3cret', KEY_B: 'second-s3cret' });

  expect(resolved.document).toEqual({ a: ['first-s3cret', 1], b: { url: 'https://u:second-s3cret@host', n: null } });
  expect(redact('first-s3cret and second-s3cret')).toBe('**** and ****');
});

test('replaces files by their content, without the line break at the end', async () => {
  const folder = await temporaryFolder();
  const path = await folder.write('key', 'k3y-in-a-file\n');
  try {
    expect((await resolve({ key: `\${file:${path}}` })).document).toEqual({ key: 'k3y-in-a-file' });
  } finally {
    await folder.remove();
  }
});

test('runs commands only where the environment allows them', async () => {
  const document = { key: '${command:printf "%s-%s" k3y from-a-command}' };
  const allowed = await resolve(document, { ...process.env, HEADWATER_ALLOW_COMMANDS: 'true' });

  expect(allowed.document).toEqual({ key: 'k3y-from-a-command' });
  await expect(resolve(document, process.env)).rejects.toThrow(/\/key: .*HEADWATER_ALLOW_COMMANDS=true/);
});

test.each([
  ['${env:NO_SUCH}', /c\.json, \/a\/0: \$\{env:NO_SUCH\}: the environment has no such variable/],
  ['${file:/no/such/file}', /\/a\/0: \$\{file:\/no\/such\/file\}: there is no such file/],
  ['${file:/}', /cannot be read \(EISDIR\)/],
  ['${command:exit 3}', /it failed with exit code 3/],
])('names the place of %s, and what is wrong with it', async (text, expected) => {
  const failing = resolve({ a: [text] }, { ...process.env, HEADWATER_ALLOW_COMMANDS: 'true' });

  await expect(failing).rejects.toThrow(InputFileError);
  await expect(failing).rejects.toThrow(expected);
});

test('does not quote what a failing command printed', async () => {
  const failing = resolve(
    { a: '${command:echo half-a-secret; echo half-a-secret >&2; exit 1}' },
    { ...process.env, HEADWATER_ALLOW_COMMANDS: 'true' },
  );
  const error = (await failing.catch((thrown: unknown) => thrown)) as Error;

  // The command itself is the operator's own text.
  expect(`${error.message} ${inspect(error.cause)}`.replaceAll(/\$\{.*?\}/g, '')).not.toContain('half-a-secret');
});

test('takes a reference behind a second dollar sign literally', async () => {
  expect((await resolve({ a: '$${env:KEY} $5 ${other:x}' })).document).toEqual({ a: '${env:KEY} $5 ${other:x}' });
});

test('puts references back into a config that is saved, where it has not changed', async () => {
  const document = { 'a/b': '${env:KEY_A}', b: [{ c: 'x${env:KEY_B}' }], d: 'kept' };
  const resolved = await resolve(document, { KEY_A: 'first-s3cret', KEY_B: 'second-s3cret' });

  expect(resolved.restore({ 'a/b': 'first-s3cret', b: [{ c: 'new' }], d: 'kept', e: 1 })).toEqual({
    'a/b': '${env:KEY_A}',
    b: [{ c: 'new' }],
    d: 'kept',
    e: 1,
  });
});
