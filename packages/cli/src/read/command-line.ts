import { CommandError } from '../command-error.ts';

/**
 * The words of a command line, quoted ones with their spaces. No shell has a part in it: variables, pipes and the like
 * stay as they are.
 *
 * @throws CommandError when there is no word, or a quote does not end
 */
export const splitCommand = (text: string): readonly [program: string, ...args: string[]] => {
  const words = [...text.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*'|["'\\])+/gs)].map(([word]) => word);
  const [program, ...args] = words.map((word) =>
    word.replaceAll(/\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'|(["'\\])/gs, (_, escaped, double, single, open) => {
      if (open !== undefined) throw new CommandError(`--command ${text}: the quote ${open} does not end.`);
      return escaped ?? single ?? String(double).replaceAll(/\\(["\\])/g, '$1');
    }),
  );
  if (program === undefined || program === '') throw new CommandError('--command: expected a program to run.');
  return [program, ...args];
};
