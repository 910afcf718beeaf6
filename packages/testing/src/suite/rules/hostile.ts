import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { temporaryFolder } from '../../temporary-folder.ts';
import { isObject, parseExact } from '../exact-json.ts';
import { faultProxy, type FaultKind } from '../fault-proxy.ts';
import { ending, recordsIn, succeeded, type ObservedRun } from '../observed-run.ts';
import { byStream, compareRecords, describe } from '../record-sets.ts';
import { NotApplicable, type Rule } from '../rule.ts';
import type { HostileOptions } from '../source-options.ts';
import { whole, type SourceRuns } from '../source-runs.ts';
import { spread } from '../states.ts';

const KINDS: readonly FaultKind[] = ['429', '503', 'reset', 'truncate'];

const NAMES: Readonly<Record<FaultKind, string>> = {
  429: 'a 429',
  500: 'a 500',
  503: 'a 503',
  reset: 'a reset connection',
  truncate: 'an answer that stops half-way',
};

export const hostileRules: readonly Rule<SourceRuns>[] = [
  {
    id: 'survives-faults',
    title: 'a 429, a 5xx, a reset or a truncated answer at any request changes nothing in the records',
    async check(runs, report) {
      if (runs.cassetteMode === 'record') throw new NotApplicable('Faults are not recorded. Try the rule in replay.');
      const { hostile, faults = KINDS, positions = 25 } = runs.options;
      const way = hostile
        ? throughProxy(runs, hostile)
        : hostile !== false && runs.cassetteMode === 'replay'
          ? byCassette(runs)
          : undefined;
      if (way === undefined)
        throw new NotApplicable('Neither hostile nor cassettes is given: nothing can make the API fail.');

      const calm = await way.calm();
      if (calm === undefined || calm.requests === 0) {
        report.fail(
          'No request came while the connector read.',
          'Let configOf(url) return a config that makes the connector ask the server at that URL.',
        );
        return;
      }
      const { run: calmRun, requests } = calm;
      const expected = byStream(recordsIn(whole(calmRun)));
      const tried = spread(requests, positions);
      for (const kind of faults) {
        const runsOfKind = await Promise.all(tried.map(async (at) => ({ at, run: await way.faulty(kind, at) })));
        const bad: { readonly at: number; readonly evidence: string }[] = [];
        for (const { at, run } of runsOfKind) {
          const evidence = await deviation(runs, expected, run);
          if (evidence !== undefined) bad.push({ at, evidence });
        }
        const [first] = bad;
        if (first === undefined) continue;
        const list =
          bad
            .map(({ at }) => at)
            .slice(0, 10)
            .join(', ') + (bad.length > 10 ? ', …' : '');
        report.fail(
          `After ${NAMES[kind]} at request ${list} of ${requests}: at ${first.at}, ${first.evidence}.`,
          kind === 'truncate'
            ? 'Notice that a body is shorter than announced, throw it away as a whole, and send the request again.'
            : 'Send the request again after a pause, a few times, before you give up; never go on without its page.',
        );
      }
      report.note(`${faults.join(', ')} at ${tried.length} of ${requests} requests`);
    },
  },
];

/** A way to make the API fail. */
interface Way {
  /** A read without faults, and how many requests it sends. */
  readonly calm: SourceRuns['proxied'];
  readonly faulty: (kind: FaultKind, at: number) => Promise<ObservedRun>;
}

const throughProxy = (runs: SourceRuns, { api, configOf }: HostileOptions): Way => ({
  calm: () => runs.proxied(),
  async faulty(kind, at) {
    await using proxy = await faultProxy({ api, fault: { kind, at } });
    const { url, rewrite } = proxy;
    return await runs.read(`read (${kind} at request ${at})`, 'incremental', { config: configOf(url), rewrite });
  },
});

const byCassette = (runs: SourceRuns): Way => ({
  async calm() {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'read.har');
    const run = await runs.read('read (replayed, to count requests)', 'incremental', { args: ['--har', file] });
    const har = parseExact(await readFile(file, 'utf8').catch(() => ''));
    const entries = isObject(har) && isObject(har['log']) ? har['log']['entries'] : undefined;
    if (!Array.isArray(entries)) {
      throw new NotApplicable('The requests of a replayed read cannot be counted: the connector does not know --har.');
    }
    return { run, requests: entries.length };
  },
  faulty: (kind, at) =>
    runs.read(`read (${kind} at request ${at})`, 'incremental', { env: { HEADWATER_CASSETTE_FAULT: `${kind}@${at}` } }),
});

/** How a read under a fault differs from one without; undefined when it does not. */
const deviation = async (
  runs: SourceRuns,
  expected: ReturnType<typeof byStream>,
  run: ObservedRun,
): Promise<string | undefined> => {
  if (!succeeded(run)) return `it ${ending(run)}`;
  const found = byStream(recordsIn(run));
  for (const { name, identity } of await runs.streams()) {
    const records = expected.get(name) ?? [];
    const different = compareRecords(records, found.get(name) ?? [], identity);
    if (different.missing.length + different.extra.length > 0) {
      return `stream "${name}" has ${describe(different, records.length, identity)}`;
    }
  }
  return undefined;
};
