import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const SCHEMA = 'schemas/airbyte-protocol.json';
const TYPES = 'packages/core/src/protocol/types.ts';

const generate = (cwd: string, ...flags: string[]) => {
  const script = join(ROOT, 'scripts/dist/generate-protocol.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...flags], { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
};

test('finds the generated files of this repository up to date', () => {
  expect(generate(ROOT, '--check')).toMatchObject({ status: 0, stderr: '' });
});

test('exports every definition once', async () => {
  const { definitions } = JSON.parse(await readFile(join(ROOT, SCHEMA), 'utf8'));
  const code = await readFile(join(ROOT, TYPES), 'utf8');
  const names = [...code.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name]) => name);
  expect(new Set(names)).toEqual(new Set(['AirbyteProtocol', ...Object.keys(definitions)]));
  expect(names).toHaveLength(new Set(names).size);
});

test('names a stale file under --check, and writes it without', async () => {
  const root = await mkdtemp(join(tmpdir(), 'headwater-generate-'));
  try {
    await mkdir(join(root, 'packages/core/src/protocol'), { recursive: true });
    await cp(join(ROOT, SCHEMA), join(root, SCHEMA));
    expect(generate(root)).toMatchObject({ status: 0 });
    expect(generate(root, '--check')).toMatchObject({ status: 0 });

    const text = await readFile(join(root, SCHEMA), 'utf8');
    await writeFile(join(root, SCHEMA), text.replace('"SUCCEEDED"', '"SUCCEEDED", "UNSURE"'));
    const stale = generate(root, '--check');
    expect(stale.status).toBe(1);
    expect(stale.stderr).toBe(`${TYPES} is stale: it differs from what ${SCHEMA} gives. Run \`npm run generate\`.\n`);
    expect(await readFile(join(root, TYPES), 'utf8')).not.toContain('UNSURE');

    expect(generate(root)).toMatchObject({ status: 0 });
    expect(await readFile(join(root, TYPES), 'utf8')).toContain('UNSURE');
  } finally {
    await rm(root, { recursive: true });
  }
});

test('refuses an unknown argument', () => {
  expect(generate(ROOT, '--chekc')).toMatchObject({
    status: 2,
    stderr: 'Unknown argument "--chekc". Known: --check.\n',
  });
});
