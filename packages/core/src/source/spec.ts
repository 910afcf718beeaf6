import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectorError, messageOf } from '../errors.ts';
import { isJsonObject } from '../protocol/json.ts';
import type { ConnectorSpecification } from '../protocol/types.ts';
import type { Source } from './source.ts';

const FILES = ['spec.json', 'spec.yaml', 'spec.yml'];

/**
 * The source's specification: its `spec` field, or the file beside it.
 *
 * @throws ConnectorError when there is none, more than one, or not a specification
 */
export const loadSpec = async ({ spec }: Pick<Source, 'spec'>, directory: string): Promise<ConnectorSpecification> => {
  if (spec !== undefined) return checked(spec, 'The source');
  const found: { readonly path: string; readonly text: string }[] = [];
  for (const name of FILES) {
    const path = join(directory, name);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw new ConnectorError(`${path}: cannot be read: ${messageOf(error)}`, { cause: error });
    });
    if (text !== undefined) found.push({ path, text });
  }
  const [only, second] = found;
  if (!only) {
    throw new ConnectorError(
      `The source has no specification: there is neither a field "spec" nor one of ${FILES.join(', ')} in ${directory}. ` +
        `Add one, or say in the field "directory" where it is.`,
    );
  }
  if (second) throw new ConnectorError(`There are both ${only.path} and ${second.path}. Keep one of them.`);
  return checked(await parse(only.path, only.text), only.path);
};

const parse = async (path: string, text: string): Promise<unknown> => {
  try {
    if (path.endsWith('.json')) return JSON.parse(text);
    const { parse: parseYaml } = await import('yaml');
    return parseYaml(text);
  } catch (cause) {
    throw new ConnectorError(`${path}: cannot be parsed: ${messageOf(cause)}`, { cause });
  }
};

const checked = (spec: unknown, where: string): ConnectorSpecification => {
  if (isJsonObject(spec) && isJsonObject(spec['connectionSpecification'])) {
    return spec as unknown as ConnectorSpecification;
  }
  throw new ConnectorError(
    `${where}: the specification needs a member "connectionSpecification", the JSON Schema of the config.`,
  );
};
