/**
 * What this machine can do at best where an API is slow: workers over `node:http`, each with one request at a time, that
 * throw away what comes. `node bare-slices.js URL COUNT WORKERS` prints the milliseconds it took.
 */
import { Agent, get } from 'node:http';

const [url = '', count = '', workers = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });

const request = (): Promise<void> =>
  new Promise((resolve, reject) => {
    get(url, { agent }, (response) => response.resume().once('end', resolve).once('error', reject)).once(
      'error',
      reject,
    );
  });

const started = performance.now();
let left = Number(count);
const work = async (): Promise<void> => {
  while (left-- > 0) await request();
};
await Promise.all(Array.from({ length: Number(workers) }, work));
process.stdout.write(`${performance.now() - started}\n`);
agent.destroy();
