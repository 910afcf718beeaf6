import { TOKEN_STORE_VARIABLE } from '../auth/token-store.ts';
import { ConnectorError } from '../errors.ts';
import { catalogMessage, controlMessage, specMessage } from '../protocol/messages.ts';
import type { JsonObject } from '../protocol/json.ts';
import { catalogOf, parseCatalog } from '../source/catalog.ts';
import { checkSource } from '../source/check-source.ts';
import { validConfig } from '../source/config.ts';
import { isEmptyFile, readJsonFile } from '../source/json-file.ts';
import { readSource } from '../source/read-source.ts';
import { resolveReferences } from '../source/references.ts';
import type { Source } from '../source/source.ts';
import { loadSpec } from '../source/spec.ts';
import { noState, parseState, type StateInput } from '../source/state-input.ts';
import { Rejects } from '../stream/rejects.ts';
import { listenToExchanges } from '../http/exchanges.ts';
import { useCassettes } from './cassettes.ts';
import { directoryOf, packageOf } from './directory.ts';
import { HarFile } from './har-file.ts';
import { NothingToRun, parseCommand, type SourceCommand } from './parse-command.ts';
import { runProcess, type ProcessContext } from './run-process.ts';

/**
 * Runs a source as a program: the last line of every connector. Reads the command line, does what it says, and ends the
 * process with the exit code that says how it went.
 *
 * @param argv the arguments after the script's name
 * @example
 * await runSource(new ExampleSource());
 */
export const runSource = async <C extends JsonObject>(
  source: Source<C>,
  argv: readonly string[] = process.argv.slice(2),
): Promise<void> => {
  const directory = directoryOf(source.directory);
  let command: SourceCommand;
  try {
    command = parseCommand(argv, packageOf(directory));
  } catch (error) {
    if (!(error instanceof NothingToRun)) throw error;
    process.exitCode = error.exitCode;
    return;
  }
  await runProcess((context) => runCommand(source, command, directory, context), command);
};

const runCommand = async <C extends JsonObject>(
  source: Source<C>,
  command: SourceCommand,
  directory: string,
  { writer, log, signal }: ProcessContext,
): Promise<void> => {
  const spec = await loadSpec(source, directory);
  if (command.name === 'spec') return writer.message(specMessage(spec));

  const document = await readJsonFile('--config', command.config);
  if (command.tokenStore !== undefined) process.env[TOKEN_STORE_VARIABLE] = command.tokenStore;
  await useCassettes(directory, log);
  if (command.har !== undefined) {
    const har = new HarFile(command.har, packageOf(directory));
    listenToExchanges((exchange) => har.add(exchange));
  }
  const prepared = async (): Promise<C> => {
    // The spec is what makes a C of the document.
    const resolved = await resolveReferences(document, `--config ${command.config}`);
    const config = (await validConfig(spec, resolved.document)) as C;
    return source.prepare(config, {
      signal,
      saveConfig: (changed) => {
        writer.message(controlMessage(resolved.restore(changed)));
        return writer.end();
      },
    });
  };
  if (command.name === 'check') return checkSource(async () => source.check(await prepared()), writer);

  const config = await prepared();
  const streams = await source.streams(config);
  if (command.name === 'discover') return writer.message(catalogMessage(await catalogOf(streams, directory)));

  await readSource({
    streams,
    catalog: await parseCatalog(await readJsonFile('--catalog', command.catalog), `--catalog ${command.catalog}`),
    states: await stateOf(command.state),
    directory,
    validation: command.validation ?? source.validation,
    concurrency: concurrencyOf(command.concurrency ?? source.concurrency),
    stateInterval: source.stateInterval,
    rejects: command.rejects === undefined ? undefined : new Rejects(command.rejects),
    writer,
    log,
    signal,
  });
};

const concurrencyOf = (count: number): number => {
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new ConnectorError(`concurrency of the source is ${count}. Give a whole number from 1 on.`);
};

const stateOf = async (path: string | undefined): Promise<StateInput> =>
  path === undefined || (await isEmptyFile(path))
    ? noState
    : parseState(await readJsonFile('--state', path), `--state ${path}`);
