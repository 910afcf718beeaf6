import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { ROOT } from '../headwater.ts';
import { CLIENT } from './provider.ts';

const COMMAND = join(ROOT, 'packages/cli/bin/headwater.js');

export const CLIENT_ENV = {
  HEADWATER_OAUTH_CLIENT_ID: CLIENT.id,
  HEADWATER_OAUTH_CLIENT_SECRET: CLIENT.secret,
};

/** Starts `headwater oauth login` with this config in the folder of a connector; no browser unless `env` has one. */
export const startLogin = (cwd: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = CLIENT_ENV) => {
  const child = spawn(process.execPath, [COMMAND, 'oauth', 'login', '--config', 'config.json', ...args], {
    cwd,
    env: { PATH: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let look = (): void => {};
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    look();
  });
  const ended = new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once('close', (status) => resolve({ status, stdout, stderr })),
  );
  return {
    ended,
    /** Resolves with the first group of the pattern once the command has said this. */
    says: (pattern: RegExp): Promise<string> =>
      new Promise((resolve, reject) => {
        look = () => {
          const found = pattern.exec(stderr);
          if (found) resolve(found[1] ?? found[0]);
        };
        look();
        void ended.then(() => reject(new Error(`The command ended without saying ${pattern}, but: ${stderr}`)));
      }),
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await ended;
    },
  };
};

/** The page of consent that the command has printed. */
export const PAGE = /^(https?:\/\/\S+)\n\n/m;
