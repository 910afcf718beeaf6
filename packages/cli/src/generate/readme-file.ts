import type { ConnectorPlan, Guess } from '../plan/plan.ts';
import type { ConfigFields } from './config-fields.ts';
import { cursorOf } from './since.ts';
import { parentOf, type StreamSetting } from './stream-file.ts';
import { markdownCode, markdownText } from './text.ts';

/** The text of `README.md`. */
export const readmeFile = (plan: ConnectorPlan, name: string, setting: StreamSetting): string => `
# ${name}

Reads ${markdownText(plan.title) || 'the API'} for any platform that speaks the Airbyte protocol. Made with the Headwater kit.

## Streams

| stream | path | primary key | incremental by | parent |
| --- | --- | --- | --- | --- |
${[...setting.names.values()].map((stream) => streamRow(stream, setting)).join('\n')}

## Configure

Copy \`config.example.json\` to \`config.json\`, which is not kept in version control, and put your own values in.

| property | required | meaning |
| --- | --- | --- |
${setting.fields.all.map(configRow).join('\n')}

## Work on it

\`\`\`sh
npm install
npm test                                  # types, build, unit and acceptance tests, without a network
npx headwater read --config config.json   # reads from the API and shows the records, without a build
docker build --tag ${name} .
\`\`\`

| file | what is in it |
| --- | --- |
| \`spec.json\` | what the config asks for |
| \`schemas/*.json\` | one JSON Schema for each stream |
| \`src/record-types.ts\` | TypeScript types, written from the two above by \`npm run types\`; not to be edited |
| \`src/api.ts\` | what all streams share: base URL, credential, pages |
| \`src/streams/*.ts\` | the streams, one a file |
| \`src/streams.ts\` | the list of streams |
| \`src/source.ts\` | the connector: its \`check\` and its streams |
| \`cassettes/*.json\` | recorded answers of the API, one file a stream: the acceptance tests run on them |
| \`test/\` | the tests |

The answers in \`cassettes/\` come from examples. Record those of the real API when you have a credential; secrets are
replaced before anything is written:

\`\`\`sh
HEADWATER_CASSETTE=record npx headwater read --config config.json
\`\`\`
${hasGuesses(plan) ? '\nSome of this connector was guessed: `GUESSES.md` says what, and why. Look through it first.\n' : ''}`;

/** The text of `GUESSES.md`; undefined where nothing was guessed. */
export const guessesFile = (plan: ConnectorPlan): string | undefined => {
  if (!hasGuesses(plan)) return undefined;
  const sections = [
    ['The connector', plan.guesses] as const,
    ...plan.streams.map(({ name, guesses }) => [`Stream ${markdownCode(name)}`, guesses] as const),
  ].filter(([, guesses]) => guesses.length > 0);
  return `
# What was guessed

Nobody said these things: the generator decided them. Check each against the API, correct the code where it is wrong, and
delete this file.

${sections.map(([title, guesses]) => `## ${title}\n\n| about | decided | because |\n| --- | --- | --- |\n${guesses.map(guessRow).join('\n')}`).join('\n\n')}
`;
};

const hasGuesses = ({ guesses, streams }: ConnectorPlan): boolean =>
  guesses.length > 0 || streams.some((stream) => stream.guesses.length > 0);

const guessRow = ({ about, decided, because }: Guess): string =>
  `| ${markdownText(about)} | ${markdownCode(decided)} | ${markdownText(because)} |`;

const streamRow = (
  { plan, name }: { plan: ConnectorPlan['streams'][number]; name: string },
  setting: StreamSetting,
) => {
  const parent = parentOf({ plan }, setting)?.name;
  const key = [plan.primaryKey ?? []].flat().map(markdownCode).join(', ');
  return [
    '',
    markdownCode(name),
    markdownCode(plan.path),
    key || 'none',
    cursorOf(plan) === undefined ? 'no' : markdownCode(cursorOf(plan) ?? ''),
    parent === undefined ? 'none' : markdownCode(parent),
    '',
  ]
    .join(' | ')
    .trim();
};

const configRow = ({ name, required, schema }: ConfigFields['all'][number]): string =>
  `| ${markdownCode(name)} | ${required ? 'yes' : 'no'} | ${markdownText(meaningOf(schema))} |`;

const meaningOf = ({ description, title }: ConfigFields['all'][number]['schema']): string => {
  const said = description ?? title;
  return typeof said === 'string' ? said : '';
};
