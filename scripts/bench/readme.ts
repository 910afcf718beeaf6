import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Summary } from './summary.ts';

const README = fileURLToPath(new URL('../../../README.md', import.meta.url));
const BLOCK = /(<!-- bench:begin -->)[^]*(<!-- bench:end -->)/;

/** Writes what a run has found between the marks of the README. */
export const writeReadme = (summary: Summary): void => {
  const text = readFileSync(README, 'utf8');
  if (!BLOCK.test(text)) throw new Error(`${README} has no marks bench:begin and bench:end. Put them back.`);
  writeFileSync(
    README,
    text.replace(BLOCK, (_all, begin, end) => `${begin}\n\n${block(summary)}\n\n${end}`),
  );
};

const block = ({ ratios, requests }: Summary): string => {
  const times = (form: string, perPage: number): string => (ratios[`${form}@${perPage}`] ?? Number.NaN).toFixed(1);
  const request = (name: string): string =>
    (requests.find((cost) => cost.name === name)?.ratio.median ?? Number.NaN).toFixed(1);
  const row = (form: string): string =>
    `| ${`\`${form}\``.padEnd(15)} | ${times(form, 100)} | ${times(form, 1000).padEnd(5)} |`;
  return [
    '| records a page  | 100 | 1,000 |',
    '| --------------- | --- | ----- |',
    row('recordsPath'),
    row('parseResponse'),
    '',
    `A request through the policy list takes ${request('defaults')} times the CPU it takes with bare got, ` +
      `${request('policies')} times with a credential, a budget and a trace.`,
  ].join('\n');
};
