import { ConnectorError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { lookUp, pointerOfFragment } from './json-pointer.ts';
import { isSchema, mapSubschemas, type Schema } from './subschemas.ts';

/** A whole schema and the name by which messages speak of it. */
export interface SchemaDocument {
  readonly name: string;
  readonly schema: JsonObject;
}

/** Finds the document a `$ref` names. `refuse` makes the error that says what is wrong with the reference. */
export type OpenDocument = (
  file: string,
  from: SchemaDocument,
  refuse: (problem: string) => ConnectorError,
) => SchemaDocument;

/**
 * A schema without `$ref`: every reference is replaced by what it points to.
 *
 * Keywords beside a `$ref` are laid over its target; `properties` are joined name by name. Places where definitions are
 * kept are left out. A reference that leads nowhere or round in a circle is a `ConnectorError`.
 */
export const inline = (document: SchemaDocument, open: OpenDocument): JsonObject => {
  const done = new Map<string, Schema>();

  const inlineAt = (schema: Schema, from: SchemaDocument, at: string, chain: readonly string[]): Schema => {
    if (typeof schema === 'boolean') return schema;
    const { $ref, $defs: _$defs, definitions: _definitions, ...own } = schema;
    const mapped = mapSubschemas(own, (child, pointer) => inlineAt(child, from, at + pointer, chain));
    if ($ref === undefined) return mapped;
    const target = inlineTarget($ref, from, `${at}/$ref`, chain);
    if (typeof target === 'boolean') return Object.keys(own).length === 0 || !target ? target : mapped;
    return layOver(target, mapped);
  };

  const inlineTarget = ($ref: unknown, from: SchemaDocument, at: string, chain: readonly string[]): Schema => {
    const refuse = (problem: string) =>
      new ConnectorError(`${from.name}: ${at} is ${JSON.stringify($ref)}, but ${problem}`);
    if (typeof $ref !== 'string') throw refuse('a reference has to be a text.');
    const [file = '', fragment = ''] = $ref.split(/#(.*)/s);
    const target = file === '' ? from : open(file, from, refuse);
    const pointer = pointerOfFragment(`#${fragment}`);
    if (pointer === undefined) throw refuse('what follows # has to be a JSON pointer such as #/definitions/address.');
    const place = `${target.name}#${pointer}`;
    const known = done.get(place);
    if (known !== undefined) return known;
    if (chain.includes(place)) {
      const circle = [...chain.slice(chain.indexOf(place)), place].join(' → ');
      throw refuse(`this goes round in a circle: ${circle}. Replace one of these references by { "type": "object" }.`);
    }
    const schema = lookUp(target.schema, pointer);
    if (!isSchema(schema)) throw refuse(`there is no schema at ${place}.${hint(target.schema)}`);
    const inlined = inlineAt(schema, target, pointer, [...chain, place]);
    done.set(place, inlined);
    return inlined;
  };

  // The root of a document is an object, and so is what becomes of it, unless it only says that nothing is valid.
  const inlined = inlineAt(document.schema, document, '', [`${document.name}#`]);
  return isJsonObject(inlined) ? inlined : { not: {} };
};

const layOver = (target: JsonObject, own: JsonObject): JsonObject => {
  const { $id: _$id, $schema: _$schema, ...base } = target;
  const properties =
    isJsonObject(base.properties) && isJsonObject(own.properties)
      ? { properties: { ...base.properties, ...own.properties } }
      : {};
  return { ...base, ...own, ...properties };
};

const hint = (schema: JsonObject): string => {
  const found = ['definitions', '$defs'].flatMap((keyword) =>
    isJsonObject(schema[keyword]) ? Object.keys(schema[keyword]).map((name) => `#/${keyword}/${name}`) : [],
  );
  return found.length > 0 ? ` There are ${found.join(', ')}.` : ' Define it there, or correct the reference.';
};
