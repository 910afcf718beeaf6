import { format, resolveConfig } from 'prettier';
import { PROCESS_ROWS, type ProcessRow } from './process-rows.ts';
import { SECTIONS } from './sections.ts';
import type { ExpectedError, Outcome, Row, Section } from './row.ts';

const rows = SECTIONS.flatMap((section) => section.rows);
const strikes = rows.reduce((sum, { pages }) => sum + (pages?.length ?? 1), 0);

const INTRODUCTION = `# Reliability

What a hostile API can do to a sync, what the kit does about it, and what you see of it.

This page is generated: its ${rows.length + PROCESS_ROWS.length} rows are the data of
[a test](../packages/core/test/http/reliability/reliability.test.ts) that reads a stream from a server which does exactly that, and that fails when
this page says something else. After a change of the rows, write it anew with

\`\`\`sh
UPDATE_DOCS=1 npm run test:built packages/core/test/http/reliability
\`\`\`

## How to read the tables

The slice \`{"list":"a"}\` of a stream \`items\` is read: a list of three pages. Where nothing else is said, the fault strikes at the page in the middle;
${strikes} readings in all. "For ever" is at every attempt, "once" at the first one only.

- **What the kit does** is with the defaults: a request is sent five times at most (\`http.retry.attempts\`), with a growing wait in between.
- **What you see** after a failure is the [code and the failure type](errors.md#all-errors) of the error, then what its message says. It begins with the
  request, the stream and the slice, which the tables leave out: \`GET https://api.example.com/lists/a?page=2 (stream "items", slice {"list":"a"})\`. Every
  attempt but the last leaves a warning with the same beginning in the log.
- The pages read before a failure have been passed on. The next sync reads the slice again, from where its state stands. The other slices
  and streams are [read all the same](errors.md#the-summary).
`;

/** `docs/reliability.md`, as it has to be; `path` is where it stands, for its formatting. */
export const reliabilityDocument = async (path: string): Promise<string> => {
  const text = [INTRODUCTION, ...SECTIONS.map(sectionText), processText()].join('\n');
  return format(text, { ...(await resolveConfig(path)), filepath: path });
};

const table = (titles: readonly string[], lines: readonly (readonly string[])[]): string =>
  [titles, titles.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

const TITLES = ['fault', 'what the kit does', 'what you see'];

const sectionText = ({ title, about, rows: lines }: Section): string =>
  `## ${title}\n\n${about}\n\n${table(
    TITLES,
    lines.map((row) => [row.fault, kitText(row), userText(row)]),
  )}\n`;

const kitText = ({ expect, kit }: Row): string =>
  [kit, attemptsText(expect), expect.throttled !== undefined && 'Reports RATE_LIMITED with each wait.']
    .filter(Boolean)
    .join(' ');

const attemptsText = ({ attempts, error }: Outcome): string | undefined => {
  if (error) return attempts === 1 ? 'Fails at once.' : `Sends the request ${attempts} times, then gives up.`;
  return attempts === 1 ? undefined : 'Sends the request again.';
};

const userText = ({ expect: { records, attempts, level, error, warning }, user }: Row): string => {
  if (user !== undefined) return user;
  if (error) return errorText(error);
  if (Array.isArray(records)) return `The records ${records.join(', ')} of 1 to 6.`;
  if (level === 'info') return 'All records; a line in the log.';
  return attempts > 1 || warning !== undefined ? 'All records; a warning in the log.' : 'All records.';
};

const errorText = ({ code, failureType, says, names = [] }: ExpectedError): string =>
  `\`${code}\`, \`${failureType}\`: ${parts([says, ...names])}`;

/** Parts of a message. */
const parts = (texts: readonly string[]): string => texts.map((text) => `\`${text}\``).join(' … ');

const processText = (): string =>
  `## A whole process

The same from outside: what an orchestrator gets from the connector's process, certificates included. A server with such a certificate is signed by an
authority that the process trusts (\`NODE_EXTRA_CA_CERTS\`), so that nothing but the fault is wrong with it.

${table(
  ['fault', 'what comes out', 'what you see'],
  PROCESS_ROWS.map((row) => [row.fault, outputText(row), row.user]),
)}
`;

const outputText = ({ expect: { exitCode, records, statuses, error } }: ProcessRow): string =>
  [
    `Exit code ${exitCode}.`,
    `${records.length} records.`,
    `Statuses ${statuses.join(', ')}.`,
    error && `TRACE \`${error.failureType}\`: ${parts(error.says)}`,
  ]
    .filter(Boolean)
    .join(' ');
