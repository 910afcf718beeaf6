import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './docs/clone.ts';
import { tableUnder } from './docs/markdown.ts';
import { codedNumber, optionsIn } from './docs/options.ts';

const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

/** Each table of docs/3-http.md: its heading, the file and the interface it describes. */
const TABLES = [
  ['http', 'client.ts', 'HttpOptions'],
  ['http.retry', 'policies/retry.ts', 'RetryOptions'],
  ['A rule for answers', 'response-rule.ts', 'ResponseRule'],
  ['A header that says how long to wait', 'asked-wait.ts', 'WaitHeader'],
  ['http.cache', 'policies/response-cache.ts', 'ResponseCacheOptions'],
  ['rateBudget\\(\\)', 'policies/rate-budget.ts', 'RateBudgetOptions'],
  ['A rule of a rate budget', 'rate/rules.ts', 'RateRule'],
  ['circuitBreaker\\(\\)', 'policies/circuit-breaker.ts', 'CircuitBreakerOptions'],
  ['http.trace', 'trace-settings.ts', 'TraceContextOptions'],
  ['http.watchdog', 'policies/watchdog.ts', 'WatchdogOptions'],
  ['http.timeouts', 'deadlines.ts', 'TimeLimits'],
  ['Body', 'wire.ts', 'WireOptions'],
  ['Connections', 'agents.ts', 'AgentOptions'],
  ['http.tls', 'tls.ts', 'TlsOptions'],
] as const;

test.each(TABLES)('shows in the table of %s what %s declares', async (heading, file, name) => {
  const source = await read(`packages/core/src/http/${file}`);
  const options = optionsIn(source, name);
  const rows = tableUnder(await read('docs/3-http.md'), heading);

  expect(rows.map(([option, said]) => [option, said?.replaceAll('\\|', '|')])).toEqual(
    options.map((option) => [`\`${option.name}\``, option.said]),
  );
  expect(rows.length).toBeGreaterThan(0);
});

test.each(TABLES)('declares in the options of %s the numbers that %s has', async (_heading, file, name) => {
  const source = await read(`packages/core/src/http/${file}`);
  for (const option of optionsIn(source, name)) {
    const [said] = /^\d[\d_]*/.exec(option.said) ?? [];
    if (said === undefined) continue;
    const coded = codedNumber(source, option.name);
    if (coded !== undefined) expect([option.name, coded]).toEqual([option.name, Number(said.replaceAll('_', ''))]);
  }
});
