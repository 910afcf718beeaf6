import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';

import { CommandError } from '../command-error.ts';
import type { ConnectorPlan } from '../plan/plan.ts';
import { bundleSchemas } from '../types/bundle.ts';
import { findConnectorFiles } from '../types/connector-files.ts';
import { generateTypes } from '../types/generate.ts';
import { connectorFiles } from './connector-files.ts';
import { plainText } from './text.ts';

export interface WriteOptions {
  /** The name of the new package; with a scope or without. */
  readonly name: string;
  /** The folder of the template connector. */
  readonly template: string;
  /** Where the connector is to be: a folder that is there. */
  readonly directory: string;
}

const TEMPLATE_NAME = 'source-api';
const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** What is built, installed or recorded, and what the plan decides. */
const LEFT_OUT = /(?:^|\/)(?:node_modules|dist|cassettes|coverage)(?:\/|$)|\.tsbuildinfo$|(?:^|\/)package-lock\.json$/;
const OF_THE_PLAN = /^(?:schemas|src\/streams)\/|^src\/record-types\.ts$/;

/** npm publishes no file of this name. */
const RENAMED: ReadonlyMap<string, string> = new Map([['gitignore', '.gitignore']]);

/**
 * Writes a connector: what the template has, under the new name, and over it what the plan says, with the types of its
 * records. Files that are there already are replaced; none outside of the folder is touched.
 *
 * @throws CommandError for a name npm does not take, or a plan that makes no connector
 */
export const writeConnector = async (plan: ConnectorPlan, options: WriteOptions): Promise<void> => {
  const { name, template, directory } = options;
  if (!PACKAGE_NAME.test(name) || name.length > 214) {
    throw new CommandError(`"${plainText(name, 60)}" is no name of a package. Take one such as source-acme.`);
  }
  const short = name.replace(/^@[^/]*\//, '');
  const planned = await connectorFiles(plan, short);
  const files = new Map<string, string>();
  for (const path of await templateFiles(template)) {
    if (planned.has(path) || OF_THE_PLAN.test(path)) continue;
    const text = await readFile(join(template, path), 'utf8');
    files.set(
      RENAMED.get(path) ?? path,
      path === 'package.json' ? packageText(text, plan, name) : text.replaceAll(TEMPLATE_NAME, short),
    );
  }
  for (const [path, text] of planned) files.set(path, text);
  for (const [path, text] of files) await write(directory, path, text);

  const connector = findConnectorFiles(directory);
  await writeFile(connector.output, await generateTypes(bundleSchemas(connector)));
};

const templateFiles = async (template: string): Promise<string[]> => {
  const entries = await readdir(template, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(template.replace(/[\\/]+$/, '').length + 1))
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !LEFT_OUT.test(path))
    .toSorted();
};

const write = async (directory: string, path: string, text: string): Promise<void> => {
  const file = join(directory, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
};

const packageText = (text: string, plan: ConnectorPlan, name: string): string => {
  const { bin: _, ...whole }: Readonly<Record<string, unknown>> = JSON.parse(text);
  const short = name.replace(/^@[^/]*\//, '');
  const renamed = Object.entries({ ...whole, name }).flatMap(([key, value]) => [
    [key, key === 'description' ? `Reads ${plainText(plan.title, 80) || 'an API'}: a Headwater connector.` : value],
    ...(key === 'engines' ? [['bin', { [short]: './dist/main.js' }]] : []),
  ]);
  return `${JSON.stringify(Object.fromEntries(renamed), null, 2)}\n`;
};
