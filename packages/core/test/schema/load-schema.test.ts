import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ConnectorError } from '../../src/errors.ts';
import { inlineRefs, loadSchemaFile } from '../../src/schema/load-schema.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'headwater-schema-'));
});

afterEach(() => rm(directory, { recursive: true }));

const write = async (files: Record<string, unknown>) => {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
};

const load = async (files: Record<string, unknown>) => {
  await write(files);
  return loadSchemaFile(directory, 'issues');
};

const refusal = async (files: Record<string, unknown>): Promise<string> => {
  const error: unknown = await load(files).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConnectorError);
  return error instanceof Error ? error.message : '';
};

const issues = ($ref: unknown, beside = {}) => ({ type: 'object', properties: { user: { $ref, ...beside } } });

const user = { type: 'object', properties: { id: { type: 'integer' } } };

test('reads a file without references as it is', async () => {
  const schema = { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', enum: [{ $ref: 'data' }] };
  expect(await load({ 'schemas/issues.json': `\uFEFF${JSON.stringify(schema)}` })).toEqual(schema);
});

test.each([
  ['a file in shared', 'shared/user.json', { 'schemas/shared/user.json': user }],
  ['a file in shared by its name', 'user.json', { 'schemas/shared/user.json': user }],
  ['a file beside', 'user.json', { 'schemas/user.json': user, 'schemas/shared/user.json': {} }],
  ['a file beside with a dot', './user.json', { 'schemas/user.json': user }],
  ['a file with a space', 'the%20user.json', { 'schemas/the user.json': user }],
  ['a definition in a file', 'all.json#/definitions/user', { 'schemas/shared/all.json': { definitions: { user } } }],
  ['any place in a file', 'all.json#/properties/a~1b', { 'schemas/all.json': { properties: { 'a/b': user } } }],
  ['the whole of a file', 'user.json#', { 'schemas/user.json': user }],
])('puts in %s', async (_, $ref, files) => {
  const { properties } = await load({ 'schemas/issues.json': issues($ref), ...files });
  expect(properties).toEqual({ user });
});

test('puts in local definitions and leaves their home out', async () => {
  const schema = {
    ...issues('#/definitions/user'),
    definitions: { user: { ...user, properties: { id: { $ref: '#/$defs/id' } } } },
    $defs: { id: { type: 'integer' } },
  };
  expect(await load({ 'schemas/issues.json': schema })).toEqual({ type: 'object', properties: { user } });
});

test('follows references from the file they stand in', async () => {
  const schema = await load({
    'schemas/issues.json': issues('shared/people/user.json'),
    'schemas/shared/people/user.json': {
      properties: { a: { $ref: 'id.json' }, b: { $ref: '../id.json' }, c: { $ref: '#/$defs/c' } },
      $defs: { c: { type: 'null' } },
    },
    'schemas/shared/people/id.json': { type: 'integer' },
    'schemas/shared/id.json': { type: 'string' },
  });
  expect(schema.properties).toEqual({
    user: { properties: { a: { type: 'integer' }, b: { type: 'string' }, c: { type: 'null' } } },
  });
});

test('lays the keywords beside a reference over its target', async () => {
  const beside = { type: ['null', 'object'], title: 'Author', properties: { extra: {}, id: { type: 'string' } } };
  const target = {
    ...user,
    $id: 'user',
    $schema: 'x',
    description: 'A person',
    properties: { ...user.properties, name: {} },
  };
  const schema = await load({ 'schemas/issues.json': issues('user.json', beside), 'schemas/user.json': target });
  expect(schema.properties).toEqual({
    user: { ...beside, description: 'A person', properties: { id: { type: 'string' }, name: {}, extra: {} } },
  });
});

test('goes through every keyword that holds schemas, and through no data', async () => {
  const ref = { $ref: '#/definitions/d' };
  const all = (x: unknown) => ({
    items: [x],
    allOf: [x],
    anyOf: [x],
    oneOf: [x],
    not: x,
    if: x,
    then: x,
    else: x,
    contains: x,
    additionalItems: x,
    additionalProperties: x,
    propertyNames: x,
    patternProperties: { a: x },
    dependencies: { a: x, b: ['c'] },
    properties: { $ref: x, definitions: x, enum: x },
  });
  const data = { const: ref, default: ref, examples: [ref], enum: [ref] };
  const schema = { ...all(ref), ...data, definitions: { d: { type: 'string' } } };
  expect(await load({ 'schemas/issues.json': schema })).toEqual({ ...all({ type: 'string' }), ...data });
});

test('takes boolean schemas as targets', async () => {
  const schema = {
    properties: { a: { $ref: '#/definitions/t' }, b: { $ref: '#/definitions/f', title: 'b' } },
    definitions: { t: true, f: false },
  };
  expect(await load({ 'schemas/issues.json': schema })).toEqual({ properties: { a: true, b: false } });
});

test('names the chain of a circle', async () => {
  const message = await refusal({
    'schemas/issues.json': issues('user.json'),
    'schemas/user.json': { properties: { team: { $ref: 'team.json#/definitions/team' } } },
    'schemas/team.json': { definitions: { team: { properties: { lead: { $ref: 'user.json' } } } } },
  });
  expect(message).toContain('schemas/user.json# → schemas/team.json#/definitions/team → schemas/user.json#');
  expect(message).toContain('schemas/team.json: /definitions/team/properties/lead/$ref');
});

test('finds the circles of a schema that refers to itself', async () => {
  expect(await refusal({ 'schemas/issues.json': issues('#') })).toContain(
    'circle: schemas/issues.json# → schemas/issues.json#',
  );
  expect(
    await refusal({
      'schemas/issues.json': { $ref: '#/definitions/a', definitions: { a: { $ref: '#/definitions/a' } } },
    }),
  ).toContain('circle');
});

test.each([
  ['user.json', 'no file schemas/user.json or schemas/shared/user.json'],
  ['#/definitions/user', 'there is no schema at schemas/issues.json#/definitions/user'],
  ['#user', 'has to be a JSON pointer'],
  ['#/type', 'there is no schema at schemas/issues.json#/type'],
  ['../secret.json', 'outside of the folder schemas/'],
  ['%2e%2e/secret.json', 'outside of the folder schemas/'],
  ['shared/../../secret.json', 'outside of the folder schemas/'],
  ['/etc/hostname', 'outside of the folder schemas/'],
  ['link.json', 'outside of the folder schemas/'],
  ['https://example.com/user.json', 'not fetched from elsewhere'],
  ['file:///etc/hostname', 'not fetched from elsewhere'],
  ['//example.com/user.json', 'not fetched from elsewhere'],
  [5, 'has to be a text'],
])('refuses the reference %s', async ($ref, problem) => {
  await write({ 'secret.json': {}, 'schemas/issues.json': {} });
  await symlink(path.join(directory, 'secret.json'), path.join(directory, 'schemas/link.json'));
  const message = await refusal({ 'schemas/issues.json': issues($ref) });
  expect(message).toContain(`schemas/issues.json: /properties/user/$ref is ${JSON.stringify($ref)}, but `);
  expect(message).toContain(problem);
  expect(message).toMatch(/\.$/);
});

test('lists the definitions there are when one is missing', async () => {
  const schema = { ...issues('#/definitions/usr'), definitions: { user } };
  expect(await refusal({ 'schemas/issues.json': schema })).toMatch(/There are #\/definitions\/user\.$/);
});

test('says which file is missing and what to do', async () => {
  expect(await refusal({})).toBe(
    `${path.join(directory, 'schemas', 'issues.json')} does not exist. Create it, or set "schema" on the stream that needs it.`,
  );
});

test('says which file is not JSON, or not an object', async () => {
  expect(await refusal({ 'schemas/issues.json': '{ "type": }' })).toMatch(
    /\/schemas\/issues\.json cannot be read as JSON: .* Correct it\.$/,
  );
  expect(await refusal({ 'schemas/issues.json': [] })).toMatch(/\/schemas\/issues\.json holds no JSON object\./);
  const files = { 'schemas/issues.json': issues('user.json'), 'schemas/shared/user.json': '' };
  expect(await refusal(files)).toMatch(/\/schemas\/shared\/user\.json cannot be read as JSON/);
});

test('says so when a reference leads to a folder', async () => {
  await write({ 'schemas/shared/people/user.json': user });
  expect(await refusal({ 'schemas/issues.json': issues('people') })).toContain('shared/people cannot be read as JSON');
});

test('refuses a name that leads out of the folder', async () => {
  await write({ 'secret.json': {}, 'schemas/issues.json': {} });
  await expect(loadSchemaFile(directory, '../secret')).rejects.toThrow(ConnectorError);
});

test('inlines the local references of a schema given as an object', () => {
  const schema = { ...issues('#/definitions/user'), definitions: { user } };
  expect(inlineRefs(schema, 'the schema of stream "issues"')).toEqual({ type: 'object', properties: { user } });
  expect(schema).toHaveProperty('definitions.user', user);
});

test('refuses files in a schema given as an object', () => {
  expect(() => inlineRefs(issues('user.json'), 'the schema of stream "issues"')).toThrow(
    'the schema of stream "issues": /properties/user/$ref is "user.json", but a schema that is not a file can only',
  );
});
