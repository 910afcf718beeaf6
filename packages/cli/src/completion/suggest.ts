import { readdirSync } from 'node:fs';

import type { Argument, Command, Option } from 'commander';

/** What the shell offers for the word at the cursor. */
export interface Suggestions {
  readonly words: readonly Suggestion[];
  /** Whether the shell adds the names of files or folders, which it knows better. */
  readonly also: 'files' | 'directories' | 'nothing';
}

export interface Suggestion {
  readonly word: string;
  readonly description: string;
}

const NOTHING: Suggestions = { words: [], also: 'nothing' };

/**
 * What may come next on a command line.
 *
 * @param words after the command's own name; the last one is the one at the cursor, empty if it is not begun
 */
export const suggest = (program: Command, words: readonly string[]): Suggestions => {
  // Bash takes "--kind=open" apart into three words.
  const [last = '', ...before] = words.filter((word) => word !== '=').toReversed();
  const { command, operands, pending } = follow(program, before.toReversed());
  if (pending) return valuesOf(pending, last, '');
  const [, name, value] = /^(--[^=]+)=(.*)$/s.exec(last) ?? [];
  if (name !== undefined && value !== undefined) {
    const option = findOption(command, name);
    // A shell that leaves the word whole replaces the whole word.
    return option ? valuesOf(option, value, `${name}=`) : NOTHING;
  }
  if (last.startsWith('-')) return optionsOf(command, last);
  const commands = operands === 0 ? commandsOf(command, last) : [];
  if (commands.length > 0) return { words: commands, also: 'nothing' };
  const argument = argumentAt(command, operands);
  return argument ? valuesOf(argument, last, '') : NOTHING;
};

/** The command that the words name, how many operands it has had, and the option whose value comes next. */
const follow = (program: Command, words: readonly string[]) => {
  let command = program;
  let operands = 0;
  let pending: Option | undefined;
  for (const word of words) {
    if (pending) pending = undefined;
    else if (word.startsWith('-')) pending = word.includes('=') ? undefined : takesValue(findOption(command, word));
    else {
      const next = operands === 0 ? visible(command).find((known) => isNamed(known, word)) : undefined;
      if (next) command = next;
      else operands += 1;
    }
  }
  return { command, operands, pending };
};

const visible = (command: Command): readonly Command[] => command.createHelp().visibleCommands(command);

const isNamed = (command: Command, word: string): boolean => [command.name(), ...command.aliases()].includes(word);

const findOption = (command: Command, flag: string): Option | undefined =>
  command.options.find(({ long, short }) => long === flag || short === flag);

const takesValue = (option: Option | undefined): Option | undefined => (option?.required ? option : undefined);

const argumentAt = ({ registeredArguments }: Command, at: number): Argument | undefined => {
  const last = registeredArguments.at(-1);
  return registeredArguments[at] ?? (last?.variadic ? last : undefined);
};

const commandsOf = (command: Command, start: string): readonly Suggestion[] =>
  visible(command)
    .map((known) => ({ word: known.name(), description: known.description() }))
    .filter(({ word }) => word.startsWith(start));

const optionsOf = (command: Command, start: string): Suggestions => {
  const options = command.createHelp().visibleOptions(command);
  const words = options.map(({ long, short, description }) => ({ word: long ?? short ?? '', description }));
  return { words: words.filter(({ word }) => word.startsWith(start)), also: 'nothing' };
};

/** Values by the choices, or else by the name of the place that they are for: `<file>`, `[directory]`, `<stream>`. */
const valuesOf = (place: Option | Argument, start: string, before: string): Suggestions => {
  const called = 'flags' in place ? (/[<[](.+)[>\]]/.exec(place.flags)?.[1] ?? '') : place.name();
  const choices = place.argChoices ?? (called.startsWith('stream') ? streamsHere() : []);
  const words = choices.map((word) => ({ word: before + word, description: '' }));
  const fitting = words.filter(({ word }) => word.startsWith(before + start));
  if (choices.length > 0) return { words: fitting, also: 'nothing' };
  if (/file|connector|program|executable/i.test(called)) return { words: [], also: 'files' };
  return { words: [], also: /dir|folder/i.test(called) ? 'directories' : 'nothing' };
};

/** The streams of the connector in the working folder: one schema each. */
const streamsHere = (): readonly string[] => {
  try {
    return readdirSync('schemas').flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -5)] : []));
  } catch {
    return [];
  }
};
