import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@headwater/testing';
import { loadSpec } from '../../src/source/spec.ts';

const spec = { connectionSpecification: { type: 'object', properties: { key: { type: 'string' } } } };
const yaml = 'connectionSpecification:\n  type: object\n  properties:\n    key: { type: string }\n';

test.each([
  ['spec.json', JSON.stringify(spec)],
  ['spec.yaml', yaml],
  ['spec.yml', yaml],
])('reads %s beside the connector', async (name, content) => {
  await using folder = await temporaryFolder();
  await folder.write(name, content);

  expect(await loadSpec({}, folder.path)).toEqual(spec);
});

test('prefers the field of the source', async () => {
  await using folder = await temporaryFolder();
  await folder.write('spec.json', '{');

  expect(await loadSpec({ spec }, folder.path)).toBe(spec);
});

test.each([
  ['none', {}, /neither a field "spec" nor one of spec\.json, spec\.yaml, spec\.yml in .*Add one/],
  ['two', { 'spec.json': JSON.stringify(spec), 'spec.yaml': yaml }, /both .*spec\.json and .*spec\.yaml.*Keep one/],
  ['a malformed one', { 'spec.json': '{"connectionSpecification":' }, /spec\.json: cannot be parsed/],
  ['one that is none', { 'spec.yaml': 'title: x' }, /needs a member "connectionSpecification"/],
])('says what to do about %s', async (_name, files, message) => {
  await using folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) await folder.write(name, content);

  await expect(loadSpec({}, folder.path)).rejects.toThrow(message);
});
