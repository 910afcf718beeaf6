import { plainText } from '../generate/text.ts';
import { shownPath } from '../read/connector.ts';
import { plural } from '../read/units.ts';
import type { Added } from './add-streams.ts';
import type { PlacedGuess } from './guesses.ts';
import type { Recorded } from './record-added.ts';

/** Guesses that a screen holds; the file GUESSES.md has all. */
const MOST_SHOWN = 30;

const RECORD = 'HEADWATER_CASSETTE=record npx headwater read --config config.json';

/** What was added, for scripts. */
export const addedDocument = ({ directory, plan, change, guesses }: Added, recorded: Recorded): object => ({
  directory,
  streams: change.streams.map(({ stream, parent }) => ({
    name: stream.name,
    path: plan.streams.find(({ name }) => name === stream.plan.name)?.path,
    ...(parent && { parent: parent.name }),
  })),
  created: [...change.created.keys(), ...recorded.files],
  changed: [...change.changed.keys()],
  config: change.missing.map(({ name, required }) => ({ name, required })),
  guesses,
  toDo: change.toDo,
  notRecorded: recorded.missing,
});

/** What was added, in words for the person at the desk. */
export const addedText = (added: Added, recorded: Recorded): string => {
  const { directory, change, guesses, asParents, present } = added;
  const names = change.streams.map(({ stream }) => stream.name);
  const fields = change.missing.filter(({ required }) => required).map(({ name }) => name);
  const shown = guesses.slice(0, MOST_SHOWN);
  const more = guesses.length - shown.length;
  return [
    `${plural(names.length, 'stream')} added to ${shownPath(directory)}: ${names.join(', ')}.`,
    ...(asParents.length > 0
      ? [`Of these, ${asParents.join(', ')} came along: the others are made of their records.`]
      : []),
    ...(present.length > 0 ? [`Left as they are, since the connector has them: ${present.join(', ')}.`] : []),
    ...(fields.length > 0
      ? [`The config needs ${fields.join(', ')} from now on: the example has a value, your own config needs one.`]
      : []),
    ...change.toDo.flatMap(({ file, add }) => [
      '',
      `${file} does not look as it was generated, so it was left alone. Add to it:`,
      ...add.map((line) => `  ${line}`),
    ]),
    ...(shown.length > 0 ? ['', 'This was guessed. Look at it:'] : []),
    ...shown.map(guessText),
    ...(more > 0 ? [`  and ${more} more; GUESSES.md has all.`] : []),
    '',
    ...(recorded.files.length > 0 ? ['Their cassettes are made of examples.'] : []),
    ...(recorded.missing.length > 0
      ? [
          `No cassettes for ${recorded.missing.join(', ')}: ${plainText(recorded.why ?? '')}. \`npm test\` asks for them.`,
        ]
      : []),
    'To record what the API says:',
    `  ${RECORD}`,
  ].join('\n');
};

const guessText = ({ stream, about, decided, because }: PlacedGuess): string =>
  `  ${plainText(`${stream ? `${stream}: ` : ''}${about}: ${decided}. ${because}`, 400)}`;
