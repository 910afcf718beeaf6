import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { ConnectorError, messageOf } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { inline, type OpenDocument, type SchemaDocument } from './inline.ts';

/**
 * The schema in `<directory>/schemas/<name>.json`, every `$ref` replaced by what it points to.
 *
 * A reference names a file beside the schema or in `schemas/shared/`, a place in this file (`#/definitions/x`), or both
 * (`user.json#/definitions/x`). Nothing outside `schemas/` is read, and nothing from the network. What is missing or
 * wrong is a `ConnectorError` that names the file and the place.
 */
export const loadSchemaFile = async (directory: string, name: string): Promise<JsonObject> => {
  const folder = path.join(directory, 'schemas');
  const file = `${name}.json`;
  if (!isInside(folder, path.join(folder, file))) {
    throw new ConnectorError(`The schema "${name}" is outside of ${folder}. A schema's name is a file name there.`);
  }
  if (!existsSync(path.join(folder, file))) {
    throw new ConnectorError(
      `${path.join(folder, file)} does not exist. Create it, or set "schema" on the stream that needs it.`,
    );
  }
  const documents = new Map<string, SchemaDocument>();
  return inline(read(folder, file, documents), openIn(folder, documents));
};

/** A schema given as an object, its references to places in itself replaced by what they point to. */
export const inlineRefs = (schema: JsonObject, name: string): JsonObject =>
  inline({ name, schema }, (_file, _from, refuse) => {
    throw refuse('a schema that is not a file can only refer to places in itself, such as #/definitions/address.');
  });

const openIn =
  (folder: string, documents: Map<string, SchemaDocument>): OpenDocument =>
  (reference, from, refuse) => {
    if (/^[a-z][a-z\d+.-]*:/i.test(reference) || reference.startsWith('//')) {
      throw refuse('schemas are not fetched from elsewhere. Save it in schemas/shared/ and refer to the file.');
    }
    const home = path.dirname(path.relative('schemas', from.name));
    const candidates = [path.join(home, decoded(reference)), path.join('shared', decoded(reference))];
    for (const candidate of candidates) {
      const file = path.join(folder, candidate);
      if (path.isAbsolute(reference) || !isInside(folder, file)) {
        throw refuse('this is outside of the folder schemas/. Move the file into it.');
      }
      if (existsSync(file)) return read(folder, candidate, documents);
    }
    const looked = [...new Set(candidates)].map((candidate) => path.join('schemas', candidate)).join(' or ');
    throw refuse(`there is no file ${looked}. Create it, or correct the reference.`);
  };

const decoded = (reference: string): string => {
  try {
    return decodeURIComponent(reference);
  } catch {
    return reference;
  }
};

/** Whether a file is below a folder; where it exists, links are followed before judging. */
const isInside = (folder: string, file: string): boolean => {
  const relative = existsSync(file)
    ? path.relative(realpathSync(folder), realpathSync(file))
    : path.relative(path.resolve(folder), path.resolve(file));
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
};

// Small files, read once before the work begins: nothing waits meanwhile.
const read = (folder: string, file: string, documents: Map<string, SchemaDocument>): SchemaDocument => {
  const known = documents.get(file);
  if (known !== undefined) return known;
  const document = { name: path.join('schemas', file), schema: parse(path.join(folder, file)) };
  documents.set(file, document);
  return document;
};

const parse = (file: string): JsonObject => {
  let schema: unknown;
  try {
    schema = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new ConnectorError(`${file} cannot be read as JSON: ${messageOf(cause)} Correct it.`, { cause });
  }
  if (isJsonObject(schema)) return schema;
  throw new ConnectorError(`${file} holds no JSON object. A schema file holds one, such as { "type": "object" }.`);
};
