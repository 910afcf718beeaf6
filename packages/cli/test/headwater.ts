import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const COMMAND = join(ROOT, 'packages/cli/bin/headwater.js');

/** Runs the built command as a person at a desk would. */
export const headwater = (cwd: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
};

/** Starts the command and lets the test wait for what it says. */
export const startHeadwater = (cwd: string, ...args: string[]) => {
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd, stdio: ['ignore', 'inherit', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let said = '';
  let look = (): void => {};
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    look();
  });
  return {
    /** Resolves once the command has said this; forgets what came before. */
    says: (text: string): Promise<void> =>
      new Promise((resolve, reject) => {
        look = () => {
          if (!said.includes(text)) return;
          said = said.slice(said.indexOf(text) + text.length);
          look = () => {};
          resolve();
        };
        look();
        void ended.then(() => reject(new Error(`The command ended without saying "${text}", but: ${said}`)));
      }),
    interrupt: async (): Promise<number | null> => {
      child.kill('SIGINT');
      return ended;
    },
  };
};

export type Files = { readonly [path: string]: unknown };

export const writeFiles = async (root: string, files: Files): Promise<void> => {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
};

/** A folder of its own with these files, gone at the end of the block. */
export const connector = async (files: Files) => {
  const root = await mkdtemp(join(tmpdir(), 'headwater-types-'));
  await writeFiles(root, files);
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
};
