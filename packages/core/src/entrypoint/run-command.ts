import { TOKEN_STORE_VARIABLE } from '../auth/token-store.ts';
import { ConnectorError } from '../errors.ts';
import { listenToExchanges } from '../http/exchanges.ts';
import type { JsonObject } from '../protocol/json.ts';
import { catalogMessage, controlMessage, specMessage } from '../protocol/messages.ts';
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
import { useCassettes } from './cassettes.ts';
import { packageOf } from './directory.ts';
import { HarFile } from './har-file.ts';
import type { SourceCommand } from './parse-command.ts';
import type { ProcessContext } from './run-process.ts';

/** Does what a command line says, and writes what comes of it. */
export const runCommand = async <C extends JsonObject>(
  source: Source<C>,
  command: SourceCommand,
  directory: string,
  context: ProcessContext,
): Promise<void> => {
  const har =
    'har' in command && command.har !== undefined ? new HarFile(command.har, packageOf(directory)) : undefined;
  const stop = har && listenToExchanges((exchange) => har.add(exchange));
  try {
    await perform(source, command, directory, context);
  } finally {
    stop?.();
  }
};

const perform = async <C extends JsonObject>(
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
