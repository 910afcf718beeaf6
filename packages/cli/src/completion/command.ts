import { Argument, type Command } from 'commander';

import { completionScript, SHELLS } from './scripts.ts';
import { suggest } from './suggest.ts';

/** Adds `completion`, and `complete`, which the script asks and which no help names. */
export const addCompletion = (program: Command): void => {
  program
    .command('completion')
    .description('Print the script that lets a shell complete this command with the Tab key.')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText(
      'after',
      `
  For this shell:          source <(headwater completion bash)
  For each new bash:       echo 'source <(headwater completion bash)' >> ~/.bashrc
  For each new zsh:        echo 'source <(headwater completion zsh)' >> ~/.zshrc, below the line with compinit`,
    )
    .action((shell: string) => {
      process.stdout.write(completionScript(shell));
    });

  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .helpOption(false)
    .allowUnknownOption()
    .action((words: readonly string[]) => {
      const { words: found, also } = suggest(program, words);
      const lines = found.map(({ word, description }) => (description ? `${word}\t${description}` : word));
      process.stdout.write(`${[...lines, `:${also}`].join('\n')}\n`);
    });
};
