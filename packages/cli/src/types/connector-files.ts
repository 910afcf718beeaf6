import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { CommandError } from '../command-error.ts';

const SPECS: readonly string[] = ['spec.json', 'spec.yaml', 'spec.yml'];

export interface ConnectorFiles {
  /** One file for each stream, sorted by name. */
  readonly schemas: readonly string[];
  /** Where a reference is looked up when it is not beside the file that holds it. */
  readonly shared: string;
  readonly spec: string | undefined;
  /** The generated file. */
  readonly output: string;
}

/** @throws CommandError when there is no schema, or more than one spec */
export const findConnectorFiles = (directory: string): ConnectorFiles => {
  const folder = join(directory, 'schemas');
  if (!existsSync(folder)) {
    throw new CommandError(`${folder}: there is no such directory. Put one JSON Schema a stream there.`);
  }
  const schemas = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map(({ name }) => name)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((name) => join(folder, name));
  if (schemas.length === 0)
    throw new CommandError(`${folder}: holds no .json file. Put one JSON Schema a stream there.`);
  const [spec, second] = SPECS.map((name) => join(directory, name)).filter((path) => existsSync(path));
  if (second !== undefined) throw new CommandError(`There are both ${spec} and ${second}. Keep one of them.`);
  return { schemas, shared: join(folder, 'shared'), spec, output: join(directory, 'src', 'record-types.ts') };
};

/** Whether a change of a file beside the connector concerns the types. */
export const isSpecName = (name: string): boolean => SPECS.includes(name);
