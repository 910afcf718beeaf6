import { InvalidArgumentError, Option, type Command } from 'commander';

import type { TestCommandOptions } from './test-connector.ts';

/** Adds `test`. */
export const addTest = (program: Command): void => {
  program
    .command('test')
    .description('Try the standard suite on a connector: any executable that speaks the Airbyte protocol.')
    .argument('[command...]', 'how to start it, after --; by default the "bin" of the package in this folder')
    .option('--config <file>', 'JSON file with a config that works')
    .option('--invalid-config <file>', 'JSON file with a config that check has to refuse')
    .option('--catalog <file>', 'JSON file with the configured catalog to read instead of all streams')
    .option('--stream <name...>', 'read these streams only')
    .option('--cassettes <folder>', 'replay recorded answers, if the connector understands HEADWATER_CASSETTE')
    .option('--hostile-api <url>', 'put a proxy that injects faults in front of this API')
    .option('--hostile-config-key <name>', 'the config field with the URL of the API, such as base_url or api.url')
    .option('--no-hostile', 'inject no faults, with cassettes neither')
    .option('--states <n>', 'resume from so many STATEs', wholeNumber, 20)
    .option('--positions <n>', 'inject each fault at so many requests', wholeNumber, 25)
    .option('--unstable-field <name...>', 'a field that differs between two reads, such as views or issues:views')
    .option('--expect <stream=n...>', 'how many records a stream has', expectation)
    .option('--env <name=value...>', 'a variable for the connector', variable)
    .option('--timeout <seconds>', 'how long one run may take', wholeNumber, 120)
    .option('--only <rule...>', 'try these rules only')
    .option('--skip <rule...>', 'leave these rules out')
    .option('--list', 'list the rules, and run nothing', false)
    .addOption(new Option('--destination', 'the connector is a destination').default(false))
    .option('--json', 'print the report as one JSON document on standard output', false)
    .addHelpText(
      'after',
      `
  Example, for a connector in Python:

    headwater test --config config.json --skip survives-faults -- python main.py

  Ends with exit code 0 when every rule passed or was skipped, 1 when one failed.`,
    )
    .action(async (words: string[], options: TestCommandOptions, command: Command) => {
      const { testConnector } = await import('./test-connector.ts');
      const { UsageError } = await import('./usage-error.ts');
      try {
        await testConnector(words, options);
      } catch (error) {
        if (error instanceof UsageError) command.error(`error: ${error.message}`);
        throw error;
      }
    });
};

const wholeNumber = (text: string): number => {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 1 on.');
};

const expectation = (text: string, others: Record<string, number> = {}): Record<string, number> => {
  const [, stream, count] = /^(.+)=(\d{1,9})$/.exec(text) ?? [];
  if (stream === undefined) throw new InvalidArgumentError('Expected a stream and a number, such as issues=240.');
  return { ...others, [stream]: Number(count) };
};

const variable = (text: string, others: Record<string, string> = {}): Record<string, string> => {
  const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('Expected a name and a value, such as LANG=C.');
  return { ...others, [name]: value };
};
