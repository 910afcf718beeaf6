import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Block } from './markdown.ts';

/** Without what npm tells a script about the package it runs in, which would hold for other folders too, and colours. */
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:npm_|JEST_|FORCE_COLOR)/i.test(name))),
  NO_COLOR: '1',
};

/**
 * Does what a document says, in a folder, as a reader would: saves its files, types its commands into one terminal (the
 * folder entered stays entered) and those marked `background` into a second one, and compares what the last commands said
 * with the blocks marked `output`, in which `…` stands for anything. Blocks marked `skip` are passed over.
 *
 * @returns what was not as the document says; empty when all was
 */
export const follow = async (blocks: readonly Block[], folder: string): Promise<readonly string[]> => {
  const terminal = new Terminal(folder);
  const others: ChildProcess[] = [];
  const problems: string[] = [];
  let said = '';
  try {
    for (const block of blocks) {
      const { language, marks, line } = block;
      if (block.file !== undefined) {
        await save(block, folder);
      } else if (marks.includes('output')) {
        const missing = block.text
          .trim()
          .split('\n')
          .filter((expected) => !patternOf(expected).test(said));
        for (const expected of missing) problems.push(`line ${line}: "${expected}" is not in:\n${said}`);
      } else if (language === 'sh' && marks.includes('background')) {
        others.push(await start(block.text, folder));
      } else if (language === 'sh' && !marks.includes('skip')) {
        const ended = await terminal.type(block.text);
        said = ended.output;
        if (ended.exitCode !== 0) return [...problems, `line ${line}: exit code ${ended.exitCode}:\n${said}`];
      }
    }
  } finally {
    await Promise.all(others.map(stop));
  }
  return problems;
};

/** Writes the file that a block holds. */
export const save = async ({ file, text: content }: Block, folder: string): Promise<void> => {
  if (file === undefined) return;
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), content);
};

/** One shell after another, each in the folder where the one before it ended. */
export class Terminal {
  #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async type(commands: string): Promise<{ readonly exitCode: number | null; readonly output: string }> {
    const script = `${commands}\npwd >&3`;
    const shell = spawn('sh', ['-ec', script], { cwd: this.#folder, env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    const [, stdout, stderr, where] = shell.stdio.map((pipe) => (pipe instanceof Readable ? text(pipe) : ''));
    const [exitCode] = (await once(shell, 'close')) as [number | null];
    this.#folder = (await where)?.trim() || this.#folder;
    return { exitCode, output: `${await stdout}${await stderr}` };
  }
}

/** A process group of its own, so that what the shell starts can be ended with it. It is ready when it first says something. */
const start = async (commands: string, folder: string): Promise<ChildProcess> => {
  const shell = spawn('sh', ['-ec', commands], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.race([once(shell.stdout, 'data'), once(shell, 'close')]);
  return shell;
};

const stop = async (shell: ChildProcess): Promise<void> => {
  if (shell.exitCode !== null || shell.signalCode !== null || shell.pid === undefined) return;
  const ended = once(shell, 'close');
  process.kill(-shell.pid, 'SIGTERM');
  await ended;
};

const patternOf = (line: string): RegExp => {
  const parts = line.split('…').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'm');
};
