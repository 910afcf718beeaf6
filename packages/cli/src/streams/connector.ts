import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { CommandError } from '../command-error.ts';
import { schemaName } from '../generate/names.ts';
import { isJsonObject, readDocument, type JsonObject } from '../types/read-document.ts';

/** A stream that the connector has. */
export interface PresentStream {
  readonly name: string;
  readonly className: string;
  /** The name of its file in `src/streams`, without its end. */
  readonly file: string;
}

/** A connector that `headwater new` has made, and that its author has gone on with. */
export interface Connector {
  /** Absolute. */
  readonly directory: string;
  readonly streams: readonly PresentStream[];
  /** Names of all streams: also of those that have a schema, but no class in `src/streams`. */
  readonly names: ReadonlySet<string>;
  /** The text of `src/api.ts`. */
  readonly api: string;
  /** The text of a file in the connector; undefined where there is none. */
  text(path: string): Promise<string | undefined>;
  /** The schema of its config. */
  readonly config: JsonObject;
}

/** @throws CommandError for a folder that has not what `headwater new` makes */
export const readConnector = async (directory: string): Promise<Connector> => {
  const home = resolve(directory);
  const text = async (path: string): Promise<string | undefined> => {
    const file = join(home, path);
    if (!existsSync(file)) return undefined;
    try {
      return await readFile(file, 'utf8');
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new CommandError(`${file}: cannot be read: ${why}. Nothing was added.`, { cause });
    }
  };
  const api = await text('src/api.ts');
  if (api === undefined) {
    throw new CommandError(
      `${join(home, 'src/api.ts')}: there is no such file. Go to the folder of a connector that \`headwater new\` made, or name it with --directory.`,
    );
  }
  const streams = await streamsIn(join(home, 'src/streams'));
  const schemas = await namesIn(join(home, 'schemas'), '.json');
  return {
    directory: home,
    streams,
    names: new Set([...streams.map(({ name }) => name), ...schemas]),
    api,
    text,
    config: configIn(home),
  };
};

const namesIn = async (folder: string, end: string): Promise<readonly string[]> => {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(end))
    .map(({ name }) => name.slice(0, -end.length));
};

const CLASS = /^export (?:default )?(?!abstract )class (\w+)/gm;
const NAME = /^\s*override readonly name(?:: \w+)? = (['"])(.+?)\1/m;

/** As the kit does it, a class that says no name is named by itself. */
const streamsIn = async (folder: string): Promise<readonly PresentStream[]> => {
  const streams: PresentStream[] = [];
  for (const file of await namesIn(folder, '.ts')) {
    const text = await readFile(join(folder, `${file}.ts`), 'utf8');
    const classes = [...text.matchAll(CLASS)];
    for (const [at, { 1: className = '', index }] of classes.entries()) {
      const [, , name = schemaName(className)] = NAME.exec(text.slice(index, classes[at + 1]?.index)) ?? [];
      streams.push({ name, className, file });
    }
  }
  return streams;
};

const configIn = (home: string): JsonObject => {
  const file = ['spec.json', 'spec.yaml', 'spec.yml'].map((name) => join(home, name)).find((path) => existsSync(path));
  const config = file === undefined ? undefined : readDocument(file)['connectionSpecification'];
  return isJsonObject(config) ? config : {};
};

/** The fields of the connector's config, by name. */
export const fieldsOf = ({ config }: Pick<Connector, 'config'>): Readonly<Record<string, JsonObject>> => {
  const { properties } = config;
  return Object.fromEntries(
    Object.entries(isJsonObject(properties) ? properties : {}).flatMap(([name, field]) =>
      isJsonObject(field) ? [[name, field] as const] : [],
    ),
  );
};

/** The names of the fields that every config has. */
export const requiredOf = ({ config }: Pick<Connector, 'config'>): readonly string[] => {
  const { required } = config;
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
};
