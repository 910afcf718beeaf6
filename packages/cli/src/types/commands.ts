import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { CommandError } from '../command-error.ts';
import { bundleSchemas } from './bundle.ts';
import { findConnectorFiles } from './connector-files.ts';
import { generateTypes } from './generate.ts';
import { onSchemaChange } from './on-schema-change.ts';

const tell = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const compare = async (
  directory: string,
): Promise<{ output: string; wanted: string; count: number; stale: boolean }> => {
  const files = findConnectorFiles(directory);
  const definitions = bundleSchemas(files);
  const wanted = await generateTypes(definitions);
  return {
    output: files.output,
    wanted,
    count: Object.keys(definitions).length,
    stale: wanted !== present(files.output),
  };
};

const present = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** Writes the types of a connector, unless the file says the same already. */
export const writeTypes = async (directory: string): Promise<void> => {
  const { output, wanted, count, stale } = await compare(directory);
  if (!stale) return tell(`${output} is up to date.`);
  try {
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, wanted);
  } catch (cause) {
    throw new CommandError(`${output}: cannot be written: ${String(cause)}.`, { cause });
  }
  tell(`${output} is written: ${count} ${count === 1 ? 'type' : 'types'}.`);
};

/** Fails when the types of a connector are not what its schemas say. */
export const checkTypes = async (directory: string): Promise<void> => {
  const { output, stale } = await compare(directory);
  if (stale) throw new CommandError(`${output} is stale. Run \`headwater types\` to write it again.`);
  tell(`${output} is up to date.`);
};

/** Writes the types now and after each change of a schema; ends on SIGINT. A mistake in a schema is told, not fatal. */
export const watchTypes = async (directory: string): Promise<void> => {
  const attempt = async (): Promise<void> => {
    try {
      await writeTypes(directory);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      tell(error.message);
    }
  };
  findConnectorFiles(directory);
  const changes = onSchemaChange(directory, attempt);
  tell('Watching the schemas. Press Ctrl-C to end.');
  process.once('SIGINT', changes.stop);
  await changes.stopped;
};
