import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

/** Stripe's own server for tests: it checks requests against the description of the API and answers with fixed examples. */
export interface StripeMock extends AsyncDisposable {
  readonly url: string;
}

/** The program `HEADWATER_STRIPE_MOCK` names, else the one in PATH; undefined where there is none. */
export const findStripeMock = (): string | undefined => {
  const named = process.env['HEADWATER_STRIPE_MOCK'];
  const places = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'stripe-mock'));
  const found = (named ? [named] : places).find(isExecutable);
  if (named && !found) throw new Error(`HEADWATER_STRIPE_MOCK: ${named} is no program. Correct it, or unset it.`);
  return found;
};

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Starts it on ports that the system chooses, and returns when it listens. */
export const startStripeMock = async (program: string): Promise<StripeMock> => {
  const child = spawn(program, ['-http-addr', '127.0.0.1:0', '-https-addr', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let url: string | undefined;
  for await (const line of createInterface(child.stdout)) {
    const [, address] = /listening for http at address: (\S+)/i.exec(line) ?? [];
    if (address === undefined) continue;
    url = `http://${address}`;
    break;
  }
  if (url === undefined) throw new Error(`${program} ended before it listened.`);
  child.stdout.resume();
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
};
