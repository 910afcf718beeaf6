import { existsSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';

import { CommandError } from '../command-error.ts';
import type { ConnectorFiles } from './connector-files.ts';
import { isJsonObject, readDocument, type JsonObject } from './read-document.ts';
import { placeOf, shapeOf } from './shape.ts';
import { typeName } from './type-name.ts';

/** A place in a file that becomes a type of its own. */
interface Target {
  readonly file: string;
  readonly pointer: string;
}

/** Every schema of a connector, and all they refer to, under the names of their types. */
export const bundleSchemas = ({ schemas, shared, spec }: ConnectorFiles): { [name: string]: JsonObject } => {
  const documents = new Map<string, JsonObject>();
  const names = new Map<string, string>();
  const owners = new Map<string, string>();
  const shapes = new Map<string, JsonObject>();

  const documentOf = (file: string): JsonObject => {
    const known = documents.get(file);
    if (known !== undefined) return known;
    const whole = readDocument(file);
    const document = file === spec ? connectionSpecification(whole, file) : whole;
    documents.set(file, document);
    return document;
  };

  const claim = (target: Target, candidates: readonly string[]): string => {
    const place = placeOf(target);
    const [first = ''] = candidates;
    const name = candidates.find((candidate) => candidate !== '' && !owners.has(candidate));
    if (name === undefined) {
      const why = first === '' ? 'no TypeScript name can be made of it' : `${owners.get(first)} is named ${first} too`;
      throw new CommandError(`${place}: ${why}. Give it another "title".`);
    }
    owners.set(name, place);
    names.set(place, name);
    return name;
  };

  const define = (target: Target, schema: unknown, name: string): void => {
    const follow = (reference: string): JsonObject => ({
      $ref: `#/definitions/${nameOf(locate(reference, target.file))}`,
    });
    // The title has given the name; as a comment it would only repeat it.
    const { title: _, ...untitled } = isJsonObject(schema) ? schema : {};
    const filled = target.file === spec && target.pointer === '';
    const shape = shapeOf(untitled, { ...target, follow, filled });
    // A definition that is nothing but a reference would lose its own name.
    shapes.set(name, '$ref' in shape ? { allOf: [shape] } : shape);
  };

  const locate = (reference: string, from: string): Target => {
    const [path = '', pointer = ''] = reference.split('#');
    if (!/^(\/.*)?$/.test(pointer)) {
      throw new CommandError(`${from}: "$ref": "${reference}": only a path and a JSON pointer are understood.`);
    }
    if (path === '') return { file: from, pointer };
    const found = [join(dirname(from), path), join(shared, path)].find((file) => existsSync(file));
    if (found === undefined || /^\w+:/.test(path)) {
      throw new CommandError(`${from}: "$ref": "${reference}": there is no such file, neither here nor in ${shared}.`);
    }
    return { file: normalize(found), pointer };
  };

  const nameOf = (target: Target): string => {
    const known = names.get(placeOf(target));
    if (known !== undefined) return known;
    const schema = lookUp(documentOf(target.file), target);
    const last = target.pointer.split('/').at(-1);
    const own = ownName(schema, last ? unescape(last) : target.file);
    const name = claim(target, last ? [own, ownName({}, target.file) + own] : [own]);
    define(target, schema, name);
    return name;
  };

  const streams = schemas.map((file): [Target, string] => {
    const target = { file: normalize(file), pointer: '' };
    return [target, claim(target, [ownName(documentOf(target.file), file)])];
  });
  const config: Target | undefined = spec === undefined ? undefined : { file: spec, pointer: '' };
  if (config !== undefined) claim(config, ['Config']);
  for (const [target, name] of streams) define(target, asRecord(documentOf(target.file)), name);
  if (config !== undefined) define(config, documentOf(config.file), 'Config');

  const first = [...streams.map(([, name]) => name), ...(config === undefined ? [] : ['Config'])];
  const all = new Set([...first, ...shapes.keys()]);
  return Object.fromEntries([...all].map((name) => [name, shapes.get(name) ?? {}]));
};

const ownName = (schema: unknown, fallback: string): string => {
  const title = isJsonObject(schema) ? schema['title'] : undefined;
  return typeName(typeof title === 'string' ? title : basename(fallback).replace(/\.\w+$/, ''));
};

const unescape = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');

const lookUp = (document: JsonObject, target: Target): unknown => {
  const segments = target.pointer === '' ? [] : target.pointer.split('/').slice(1).map(unescape);
  let place: unknown = document;
  for (const segment of segments) place = Object(place)[segment];
  if (isJsonObject(place) || typeof place === 'boolean') return place;
  throw new CommandError(`${placeOf(target)}: a "$ref" points here, but there is no schema.`);
};

const connectionSpecification = (document: JsonObject, file: string): JsonObject => {
  const schema = document['connectionSpecification'];
  if (isJsonObject(schema)) return schema;
  throw new CommandError(`${file}: expected a member "connectionSpecification", the JSON Schema of the config.`);
};

/** A record is an object, also where its schema forgets to say so or allows null. */
const asRecord = (schema: JsonObject): JsonObject => {
  const said = ['$ref', 'allOf', 'anyOf', 'oneOf'].some((keyword) => keyword in schema);
  const types = [schema['type'] ?? (said ? [] : 'object')].flat().filter((type) => type !== 'null');
  const { type: _, ...rest } = schema;
  return types.length > 0 ? { type: types.length === 1 ? types[0] : types, ...rest } : rest;
};
