import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { CommandError } from '../command-error.ts';
import { isJsonObject, readDocument, type JsonObject } from '../types/read-document.ts';
import { specOf } from './ask-connector.ts';
import { shownPath, type Connector } from './connector.ts';
import { redactorFor, type Redact } from './redact.ts';
import type { Workplace } from './workplace.ts';

export interface Config {
  /** Absolute. */
  readonly path: string;
  readonly redact: Redact;
}

/** Where a config is looked for in a connector's folder, in this order. */
const PLACES = ['config.json', join('secrets', 'config.json')];
const EXAMPLES = ['config.example.json', join('secrets', 'config.example.json')];

/**
 * The config of a run: the file given, or the one in the connector's folder. A connector that requires nothing runs
 * without one.
 *
 * @throws CommandError that says what the spec wants when there is no file, and where the mistake is when it is not JSON
 */
export const findConfig = async (
  connector: Connector,
  given: string | undefined,
  { folder, signal }: Workplace,
): Promise<Config> => {
  const { directory } = connector;
  const path = given === undefined ? placesOf(connector).find(existsSync) : resolve(given);
  if (path !== undefined && existsSync(path)) {
    const config = documentIn(path);
    return { path, redact: redactorFor(config, directory) };
  }
  const schema = await specOf({ connector, redact: (text) => text, signal });
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  if (given === undefined && required.length === 0) {
    return { path: await folder.write('config.json', {}), redact: redactorFor({}, directory) };
  }
  const wanted = shownPath(path ?? join(directory, PLACES[0] ?? ''));
  const example = EXAMPLES.map((name) => join(directory, name)).find(existsSync);
  const how =
    example === undefined ? 'Write it with:' : `Begin with: cp ${shownPath(example)} ${wanted}. It has to hold:`;
  throw new CommandError(
    `${wanted}: there is no such file. ${how}\n${required.map((name) => lineOf(name, schema)).join('\n')}`,
  );
};

/** The files that may hold the config of a connector. */
export const placesOf = ({ directory }: Connector): readonly string[] => PLACES.map((name) => join(directory, name));

const documentIn = (path: string): JsonObject => {
  try {
    return readDocument(path);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(error.message.replaceAll(path, shownPath(path)), { cause: error });
  }
};

/** `  "api_key": string, secret. Sent in the header X-API-Key.` */
const lineOf = (name: string, schema: JsonObject): string => {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const property = isJsonObject(properties[name]) ? properties[name] : {};
  const { type, description, title, examples } = property;
  const [example] = Array.isArray(examples) ? examples : [];
  const secret = property['airbyte_secret'] === true ? ', secret' : '';
  const text = description ?? title;
  return [
    `  ${JSON.stringify(name)}: ${[type ?? 'any'].flat().map(String).join(' or ')}${secret}.`,
    ...(typeof text === 'string' ? [text] : []),
    ...(example === undefined ? [] : [`For example ${JSON.stringify(example)}.`]),
  ].join(' ');
};
