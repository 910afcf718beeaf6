import type { ContestantName, Load } from './contestants.ts';
import { requestTable } from './request-table.ts';
import { REQUESTS_PER_PAGE } from './plan.ts';
import type { Result } from './results.ts';
import type { Summary } from './summary.ts';
import { show, table } from './table.ts';

const TITLES: Readonly<Record<ContestantName, string>> = {
  recordsPath: '(a) connector, recordsPath',
  parseResponse: '(a) connector, parseResponse',
  naive: '(b) bare loop',
  splice: '(c) byte splicing',
};

const COLUMNS = ['krec/s', 'krec/cpu-s', 'MB/s', 'wall s', 'cpu s', 'peak MB', 'cpu ratio', 'wall ratio'];

/** The results as a person reads them: a table a load, then the requests, the start-up and the targets. */
export const report = ({ node, cpu, cpus, results, requests, startup, targets }: Summary): string => {
  const loads = [...new Set(results.map(({ load }) => titleOf(load)))];
  return [
    `Node ${node}, ${cpus} x ${cpu}`,
    ...loads.map((title) => {
      const rows = results.filter(({ load }) => titleOf(load) === title).map(rowOf);
      return `${title}\n${table([['', ...COLUMNS], ...rows])}`;
    }),
    `Ratios are to (b) of the same round. Medians, with the smallest and the largest value in brackets.`,
    requestTable(requests, REQUESTS_PER_PAGE),
    `Start-up in ms: node -e 0 ${show(startup.bareMs, 0)}, spec ${show(startup.specMs, 0)}`,
    table(targets.map(({ name, value, limit, met }) => [name, value.toFixed(2), limit, met ? 'ok' : 'MISS'])),
  ].join('\n\n');
};

const titleOf = ({ perPage, total, gzip }: Load): string =>
  `${total.toLocaleString('en')} records, ${perPage.toLocaleString('en')} a page${gzip ? ', gzip' : ''}`;

const rowOf = (result: Result): readonly string[] => [
  TITLES[result.contestant],
  (result.recordsPerSecond.median / 1000).toFixed(0),
  (result.recordsPerCpuSecond.median / 1000).toFixed(0),
  result.megabytesPerSecond.median.toFixed(0),
  show(result.wallSeconds, 2),
  show(result.cpuSeconds, 2),
  show(result.peakRssMegabytes, 0),
  show(result.cpuRatio, 2),
  show(result.wallRatio, 2),
];
