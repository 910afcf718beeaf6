import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { connector, headwater, ROOT, type Files } from '../headwater.ts';

/** The generated file without its first line. */
const typesOf = async (root: string): Promise<string> => {
  const { status, stderr } = headwater(root, 'types');
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining('is written') });
  return (await readFile(join(root, 'src/record-types.ts'), 'utf8')).replace(/^.*\n\n/, '');
};

const typesFor = async (files: Files): Promise<string> => {
  await using place = await connector(files);
  return typesOf(place.root);
};

const user = {
  type: ['null', 'object'],
  properties: { login: { type: 'string' }, manager: { $ref: '#' }, home: { $ref: '#/definitions/address' } },
  definitions: { address: { type: 'object', properties: { street: { type: 'string' } } } },
};

test('names a type by its title, or else by its file, in the order of files', async () => {
  const code = await typesFor({
    'schemas/order_items.json': {},
    'schemas/issues.json': { title: 'Issue' },
    'schemas/2nd-try.json': {},
  });
  expect([...code.matchAll(/^export type (\w+)/gm)].map(([, name]) => name)).toEqual(['NdTry', 'Issue', 'OrderItems']);
});

test('gives a shared file one type, wherever it is referred to', async () => {
  const code = await typesFor({
    'schemas/issues.json': {
      type: 'object',
      properties: {
        author: { $ref: 'user.json' },
        closer: { $ref: 'shared/user.json' },
        home: { $ref: 'user.json#/definitions/address' },
      },
    },
    'schemas/people.json': { $ref: 'shared/user.json' },
    'schemas/shared/user.json': user,
  });
  expect(code).toBe(`export type Issues = {
  author?: User;
  closer?: User;
  home?: Address;
};

export type People = User;

export type Address = {
  street?: string;
};

export type User = null | {
  login?: string;
  manager?: User;
  home?: Address;
};
`);
});

test('names a definition after its file too when the name is taken', async () => {
  const code = await typesFor({
    'schemas/address.json': { properties: { a: { $ref: 'user.json#/definitions/address' } } },
    'schemas/shared/user.json': user,
  });
  expect(code).toContain('a?: UserAddress;');
});

test('keeps titles of fields out of the names, and descriptions as comments', async () => {
  const code = await typesFor({
    'schemas/a.json': {
      properties: {
        b: { title: 'The B', type: 'string' },
        c: { title: 'The B', type: 'string', description: 'Ends no comment: */ and '.padEnd(120, 'is long ') },
      },
    },
  });
  expect(code).toBe(`export type A = {
  /** The B */
  b?: string;
  /**
   * Ends no comment: * / and is long is long is long is long is long is long is long is long is long is
   * long is long is long
   */
  c?: string;
};
`);
});

test('says nothing about other keys unless the schema does', async () => {
  const code = await typesFor({
    'schemas/a.json': {
      properties: {
        free: { type: 'object' },
        open: { type: 'object', properties: { b: { type: 'string' } }, additionalProperties: true },
        closed: { type: 'object', properties: { b: { type: 'string' } }, additionalProperties: false },
        counts: { type: 'object', patternProperties: { '^n': { type: 'integer' } } },
      },
    },
  });
  expect(code).toBe(`export type A = {
  free?: {
    [key: string]: unknown;
  };
  open?: {
    b?: string;
    [key: string]: unknown;
  };
  closed?: {
    b?: string;
  };
  counts?: {
    [key: string]: number;
  };
};
`);
});

test('gives an object without fields a type that takes any, unless the schema closes it', async () => {
  const none = { type: 'object', properties: {} };
  const code = await typesFor({
    'schemas/any.json': none,
    'schemas/inside.json': { properties: { one: none, all: { type: 'array', items: none } } },
    'schemas/nothing.json': { ...none, additionalProperties: false },
    'spec.json': { connectionSpecification: none },
  });
  expect(code).toBe(`export type Any = {
  [key: string]: unknown;
};

export type Inside = {
  one?: {
    [key: string]: unknown;
  };
  all?: {
    [key: string]: unknown;
  }[];
};

export type Nothing = {};

export type Config = {
  [key: string]: unknown;
};
`);
});

test('takes null where the schema does, but for a whole record', async () => {
  const code = await typesFor({
    'schemas/a.json': {
      type: ['null', 'object'],
      properties: {
        b: { type: ['null', 'string'] },
        c: { type: 'string', nullable: true, enum: ['x'] },
        d: { $ref: 'time.json', nullable: true },
      },
    },
    'schemas/shared/time.json': { type: 'string', format: 'date-time' },
  });
  expect(code).toBe(`export type A = {
  b?: null | string;
  c?: 'x' | null;
  d?: Time | null;
};

export type Time = string;
`);
});

test('makes the config of spec.yaml, with fields present that have a default', async () => {
  const code = await typesFor({
    'schemas/a.json': {},
    'spec.yaml': `
connectionSpecification:
  type: object
  required: [token]
  properties:
    token: { type: string, airbyte_secret: true }
    pages: { type: integer, default: 10 }
    window: { type: object, properties: { days: { type: integer, default: 7 } } }
    login:
      type: object
      oneOf:
        - { title: Key, required: [kind], properties: { kind: { const: key } } }
        - { title: OAuth, properties: { kind: { const: oauth, default: oauth } } }
`,
  });
  expect(code).toContain(`export type Config = {
  token: string;
  pages: number;
  window?: {
    days: number;
  };
  login?:
    | {
        kind: 'key';
      }
    | {
        kind?: 'oauth';
      };
};
`);
});

test('makes types that compile and can be the record of a stream', async () => {
  await using place = await connector({
    'schemas/issues.json': { properties: { user: { $ref: 'user.json' } }, additionalProperties: false },
    'schemas/raw.json': {},
    'schemas/people.json': {
      allOf: [{ $ref: 'user.json' }, { type: 'object', properties: { id: { type: 'integer' } } }],
    },
    'schemas/shared/user.json': { ...user, type: 'object' },
    'spec.json': { connectionSpecification: { properties: { a: { type: 'string' } } } },
    'src/main.ts': `
import type { Config, Issues, People, Raw } from './record-types.ts';
declare class Stream<R extends { [key: string]: unknown }> { record: R }
export declare const streams: [Stream<Issues>, Stream<People>, Stream<Raw>];
export const config: Config = { a: 'x' };
export const login = (issue: Issues): string | undefined => issue.user?.manager?.login;
// @ts-expect-error A field the schema does not have.
export const mistyped = (issue: Issues): unknown => issue.usr;
`,
  });
  await typesOf(place.root);
  const flags = '--ignoreConfig --strict --noEmit --allowImportingTsExtensions --module nodenext --target es2023';
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, ...flags.split(' '), 'src/main.ts'], {
    cwd: place.root,
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
});

test('formats as prettier does in this repository', async () => {
  await using place = await connector({
    'schemas/user.json': user,
    'package.json': { prettier: { singleQuote: true, printWidth: 120 } },
  });
  await typesOf(place.root);
  const prettier = join(ROOT, 'node_modules/prettier/bin/prettier.cjs');
  expect(spawnSync(process.execPath, [prettier, '--check', 'src'], { cwd: place.root }).status).toBe(0);
});
