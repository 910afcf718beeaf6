import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { isJsonObject, readDocument, type JsonObject } from '../types/read-document.ts';

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

const HIDDEN = '****';
/** A shorter value would be found in half of all words. */
const SHORTEST = 4;
const SECRET_NAME = /secret|token|password|passphrase|credential|api_?key|private_?key|access_?key|^key$/i;
/** A secret is not where it is asked for, nor of what kind it is. */
const OTHER_NAME = /(url|uri|endpoint|host|path|type|kind|name|field|date|expiry|expires_in)$/i;

/**
 * Hides the secrets of a config in whatever a connector prints for people: the values that the spec beside the connector
 * marks with `airbyte_secret`, and those whose name says what they are. A connector of this kit does so itself; others,
 * and crashes, do not.
 */
export const redactorFor = (config: unknown, directory: string): Redact => {
  const names = secretNames(directory);
  const secrets = secretsIn(config, (name) => names.has(name) || (SECRET_NAME.test(name) && !OTHER_NAME.test(name)))
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    .toSorted((a, b) => b.length - a.length);
  return (text) => secrets.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text);
};

const secretsIn = (value: unknown, isSecret: (name: string) => boolean, inSecret = false): string[] => {
  if (typeof value === 'string') return inSecret && value.length >= SHORTEST ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretsIn(item, isSecret, inSecret));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => secretsIn(item, isSecret, inSecret || isSecret(name)));
};

const secretNames = (directory: string): ReadonlySet<string> => {
  const file = ['spec.json', 'spec.yaml', 'spec.yml'].map((name) => join(directory, name)).find(existsSync);
  const names = new Set<string>();
  const look = (schema: unknown): void => {
    if (Array.isArray(schema)) schema.forEach(look);
    if (!isJsonObject(schema)) return;
    for (const [name, inner] of Object.entries(schema)) {
      if (isJsonObject(inner) && inner['airbyte_secret'] === true) names.add(name);
      look(inner);
    }
  };
  look(file === undefined ? undefined : documentIn(file));
  return names;
};

/** A spec with a mistake in it is for the connector to tell of. */
const documentIn = (file: string): JsonObject | undefined => {
  try {
    return readDocument(file);
  } catch {
    return undefined;
  }
};
