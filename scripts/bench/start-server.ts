import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The bench's API, running in a process of its own until it is stopped or this process ends. */
export interface RunningServer {
  readonly url: string;
  stop(): void;
}

export const startServer = async (): Promise<RunningServer> => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./server.js', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port]: Buffer[] = await once(child.stdout, 'data');
  return { url: `http://127.0.0.1:${String(port).trim()}`, stop: () => void child.stdin.end() };
};
