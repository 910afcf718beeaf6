import type { JsonObject } from '../plan/plan.ts';
import { isObject, listOf, objectOf, textOf, type Description } from './description.ts';
import { schemaOfExample } from './schema-of-example.ts';

export interface Param {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: JsonObject;
  readonly description: string;
  /** A value that the description gives for it, if any. */
  readonly example: unknown;
}

/** One GET. */
export interface Operation {
  readonly path: string;
  /** Of the path, without empty ones. */
  readonly segments: readonly string[];
  readonly node: JsonObject;
  readonly params: readonly Param[];
  readonly summary: unknown;
  readonly deprecated: boolean;
  /** What it answers when all is well; undefined without JSON. */
  readonly answer: Answer | undefined;
  /** Its own servers, or those of its path. */
  readonly servers: readonly unknown[];
}

export interface Answer {
  readonly schema: unknown;
  /** The names of its headers, in lower case. */
  readonly headers: readonly string[];
}

/** All GETs of a description, in its order. */
export const operationsOf = (description: Description): readonly Operation[] =>
  Object.entries(objectOf(description.root['paths'])).flatMap(([path, given]) => {
    const item = description.resolve(given);
    const node = item['get'];
    if (!isObject(node)) return [];
    return [
      {
        path: path.startsWith('/') ? path : `/${path}`,
        segments: path.split('/').filter((segment) => segment !== ''),
        node,
        params: paramsOf(description, listOf(item['parameters']), listOf(node['parameters'])),
        summary: node['summary'] ?? node['description'] ?? item['summary'],
        deprecated: node['deprecated'] === true,
        answer: answerOf(description, node),
        servers: [...listOf(node['servers']), ...listOf(item['servers'])],
      },
    ];
  });

/** The parameters in the braces of a path, in order. */
export const namesInPath = (path: string): readonly string[] =>
  [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);

const paramsOf = (
  description: Description,
  ofPath: readonly unknown[],
  ofOperation: readonly unknown[],
): readonly Param[] => {
  const all = new Map<string, Param>();
  for (const given of [...ofPath, ...ofOperation]) {
    const node = description.resolve(given);
    if (typeof node['name'] !== 'string') continue;
    const [media] = Object.values(objectOf(node['content']));
    const inner = node['schema'] ?? objectOf(media)['schema'];
    const schema = inner === undefined && description.isSwagger ? node : description.resolve(inner);
    all.set(`${textOf(node['in'])} ${node['name']}`, {
      name: node['name'],
      in: textOf(node['in']),
      required: node['required'] === true,
      schema,
      description: textOf(node['description'] ?? schema['description']),
      example: exampleOf(description, node, schema),
    });
  }
  return [...all.values()];
};

const exampleOf = (description: Description, node: JsonObject, schema: JsonObject): unknown => {
  const [named] = Object.values(objectOf(node['examples']));
  const all = [
    node['example'],
    description.resolve(named)['value'],
    schema['example'],
    listOf(schema['examples'])[0],
    node['x-example'],
    schema['default'],
    schema['const'],
    listOf(schema['enum'])[0],
  ];
  return all.find((value) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '');
};

const answerOf = (description: Description, node: JsonObject): Answer | undefined => {
  const responses = objectOf(node['responses']);
  const codes = Object.keys(responses);
  const code = ['200', ...codes.filter((name) => name.startsWith('2')), 'default'].find((name) => codes.includes(name));
  if (code === undefined) return undefined;
  const response = description.resolve(responses[code]);
  const schema = description.isSwagger ? swaggerSchema(response) : contentSchema(description, response);
  if (schema === undefined) return undefined;
  return { schema, headers: Object.keys(objectOf(response['headers'])).map((name) => name.toLowerCase()) };
};

const swaggerSchema = (response: JsonObject): unknown => {
  if (response['schema'] !== undefined) return response['schema'];
  const example = Object.entries(objectOf(response['examples'])).find(([media]) => /json/i.test(media))?.[1];
  return example === undefined ? undefined : schemaOfExample(parsed(example));
};

const contentSchema = (description: Description, response: JsonObject): unknown => {
  const content = Object.entries(objectOf(response['content']));
  const media = content.find(([name]) => /json/i.test(name)) ?? content.find(([name]) => name.startsWith('*/'));
  if (media === undefined) return undefined;
  const node = objectOf(media[1]);
  if (isObject(node['schema']) && Object.keys(node['schema']).length > 0) return node['schema'];
  const [named] = Object.values(objectOf(node['examples']));
  const example = node['example'] ?? description.resolve(named)['value'];
  return example === undefined ? undefined : schemaOfExample(parsed(example));
};

const parsed = (example: unknown): unknown => {
  if (typeof example !== 'string') return example;
  try {
    return JSON.parse(example);
  } catch {
    return example;
  }
};
