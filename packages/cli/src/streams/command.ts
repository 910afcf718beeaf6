import type { Command } from 'commander';

import type { Origin } from './find-plan.ts';

interface Common {
  readonly directory: string;
  readonly json?: true;
}

/** Adds `streams add` and `streams list`. */
export const addStreams = (program: Command): void => {
  const streams = program.command('streams').description('Add streams to a connector that is there already.');
  streams
    .command('add')
    .description('Write the code, the schemas and the config fields of more streams; what is there stays as it is.')
    .argument('[names...]', 'of the streams; their parents come along. None: all that the samples have')
    .option('--openapi <file|url>', 'find them in an OpenAPI 3.0 or 3.1, or Swagger 2 description')
    .option('--from-response <file|url>', 'find them in a sample answer: JSON, HAR, or a URL; may be repeated', collect)
    .option('--header <header>', 'with --from-response URL: sent along, "Name: value"; may be repeated', collect)
    .option('--directory <dir>', 'the connector', '.')
    .option('--no-record', 'make no cassettes of the examples')
    .option('--json', 'print on stdout what was added: one JSON document')
    .addHelpText(
      'after',
      `
  A file that was edited and that has to name the new streams is left alone; what to put there is printed.

  Examples:
    headwater streams list --openapi https://acme.com/openapi.json
    headwater streams add orders order_items --openapi https://acme.com/openapi.json
    headwater streams add --from-response refunds.json`,
    )
    .action(
      async (names: readonly string[], options: Common & Origin & { readonly record: boolean }, command: Command) => {
        const { openapi, fromResponse, header, directory, json, record } = options;
        if ((openapi === undefined) === (fromResponse === undefined)) {
          command.error("error: say where the streams are to be found: option '--openapi' or option '--from-response'");
        }
        if (header !== undefined && fromResponse === undefined) {
          command.error("error: option '--header' is for '--from-response' only");
        }
        const { runAdd } = await import('./run.ts');
        await runAdd({ directory, names, origin: options, isRecording: record, json: json === true });
      },
    );
  streams
    .command('list')
    .description('List the streams that an OpenAPI description has, and which of them the connector has.')
    .requiredOption('--openapi <file|url>', 'OpenAPI 3.0 or 3.1, or Swagger 2')
    .option('--directory <dir>', 'the connector', '.')
    .option('--json', 'print on stdout one JSON document')
    .action(async ({ openapi, directory, json }: Common & { readonly openapi: string }) => {
      const { runList } = await import('./run.ts');
      await runList({ openapi, directory, json: json === true });
    });
};

const collect = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
