import { expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import * as testing from '@headwater/testing';
import * as errors from '../src/errors.ts';
import { ruleFor } from '../src/http/verdict.ts';
import { ROOT, builtClone } from './docs/clone.ts';
import { Terminal, follow, save } from './docs/follow.ts';
import { anchorsIn, blocksIn, linksIn, tableUnder } from './docs/markdown.ts';

const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

/** Class, code and failure type of each error a file declares; a type that differs from case to case `varies`. */
const errorsIn = async (path: string): Promise<readonly string[][]> =>
  (await read(path))
    .split(/^export class (?=\w+ extends HeadwaterError)/m)
    .slice(1)
    .map((declaration) => [
      /^\w+/.exec(declaration)?.[0] ?? '',
      /code = '(\w+)'/.exec(declaration)?.[1] ?? '',
      /failureType = '(\w+)'/.exec(declaration)?.[1] ?? 'varies',
    ]);

const declaredErrors = async (): Promise<readonly string[][]> => [
  ...(await errorsIn('packages/core/src/errors.ts')),
  ...(await errorsIn('packages/testing/src/start-connector.ts')),
];

const exportedErrors = Object.entries({ ...errors, ...testing }).flatMap(([name, value]) =>
  typeof value === 'function' && value.prototype instanceof errors.HeadwaterError ? [name] : [],
);

test('finds every error class where it looks for them', async () => {
  const names = (await declaredErrors()).map(([name]) => name);

  expect(new Set(names)).toEqual(new Set(exportedErrors));
});

test('documents every error with its code and its failure type, and no other', async () => {
  const document = await read('docs/errors.md');
  const declared = await declaredErrors();
  const documented = tableUnder(document, 'All errors').map((cells) =>
    cells.slice(0, 3).map((cell) => cell.replaceAll('`', '').split(':')[0]),
  );

  expect(new Set(documented)).toEqual(new Set(declared));
  expect(documented).toHaveLength(declared.length);
  const codes = declared.map(([, code]) => code);
  for (const [code] of document.matchAll(/HEADWATER_\w+/g)) expect(codes).toContain(code);
});

test('documents the verdicts as they are', async () => {
  const rows = tableUnder(await read('docs/errors.md'), 'Answers of the API');
  const examples: Record<string, number> = { '2xx': 204, 'other 4xx': 418, '5xx': 502, other: 304 };
  for (const [status = '', verdict, failureType] of rows) {
    const rule = ruleFor(examples[status] ?? Number(status));
    expect({ status, verdict }).toEqual({ status, verdict: rule.verdict });
    if (rule.verdict !== 'success')
      expect({ status, failureType }).toEqual({ status, failureType: `\`${rule.failureType}\`` });
  }
  expect(rows.length).toBeGreaterThan(5);
});

test('shows every member an author may change in the lifecycle', async () => {
  const lifecycle = await read('docs/lifecycle.md');
  for (const path of ['source/source.ts', 'stream/stream.ts', 'stream/http-stream.ts']) {
    const [, body = ''] = (await read(`packages/core/src/${path}`)).split(/^export abstract class /m);
    const [members = ''] = body.split(/^}/m);
    const names = [...members.matchAll(/^ {2}(?:(?:abstract|override|readonly|async|\*) ?)*(\w+)\??(?=[(:]| =)/gm)];
    for (const [, name] of names) {
      if (name !== 'constructor') expect(lifecycle).toMatch(new RegExp(`\\b${name}\\b`));
    }
    expect(names.length).toBeGreaterThan(4);
  }
});

const documents = async (): Promise<readonly string[]> => {
  const top = (await readdir(ROOT)).filter((name) => name.endsWith('.md'));
  const folders = await Promise.all(
    ['docs', 'packages', 'templates', 'schemas', 'scripts'].map(async (folder) =>
      (await readdir(join(ROOT, folder), { recursive: true })).map((path) => join(folder, path)),
    ),
  );
  return [...top, ...folders.flat()].filter(
    (path) => path.endsWith('.md') && !/node_modules|[\\/]dist[\\/]/.test(path),
  );
};

test('has no link that leads nowhere', async () => {
  const paths = await documents();
  const dead: string[] = [];
  for (const path of paths) {
    const markdown = await read(path);
    for (const link of linksIn(markdown)) {
      if (/^[a-z]+:/i.test(link)) continue;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? join(ROOT, path) : resolve(ROOT, dirname(path), decodeURI(file));
      const isThere = existsSync(target) && !relative(ROOT, target).startsWith('..');
      const isAnchor = anchor === undefined || (isThere && anchorsIn(await readFile(target, 'utf8')).has(anchor));
      if (!isThere || !isAnchor) dead.push(`${path}: ${link}`);
    }
  }

  expect(paths).toContain('README.md');
  expect(dead).toEqual([]);
});

test('compiles the connector of the README', async () => {
  await using clone = await builtClone();
  const blocks = blocksIn(await read('README.md')).filter(({ language }) => language === 'ts');
  for (const block of blocks) await save(block, clone.path);
  const files = blocks.map(({ file }) => file);
  await clone.write('tsconfig.readme.json', { extends: './tsconfig.json', files, references: [] });

  const checked = await new Terminal(clone.path).type(
    'node_modules/.bin/tsc --noEmit --composite false -p tsconfig.readme.json',
  );

  expect(files).toHaveLength(1);
  expect(checked).toEqual({ exitCode: 0, output: '' });
}, 300_000);

test('follows the quick start word by word', async () => {
  await using clone = await builtClone();

  expect(await follow(blocksIn(await read('docs/1-quick-start.md')), clone.path)).toEqual([]);
}, 300_000);
