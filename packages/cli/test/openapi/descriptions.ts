import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { planFromOpenApi, type OpenApiOptions, type OpenApiPlan } from '../../src/openapi/index.ts';

type Json = { readonly [name: string]: unknown };

/** The plan of a description that stands in a file of its own. */
export const planOf = async (
  description: Json | string,
  options: OpenApiOptions = {},
  name = 'openapi.json',
): Promise<OpenApiPlan> => {
  const folder = await mkdtemp(join(tmpdir(), 'headwater-openapi-'));
  try {
    const file = join(folder, name);
    await writeFile(file, typeof description === 'string' ? description : JSON.stringify(description));
    return await planFromOpenApi(file, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** What the same says, up to the place of the file. */
export const failureOf = async (...args: Parameters<typeof planOf>): Promise<string> => {
  try {
    await planOf(...args);
  } catch (error) {
    return String(error).replaceAll(/\/\S*headwater-openapi-[^/]+\//g, '');
  }
  return 'no failure';
};

/** An API of these paths, the answer of each GET being `schema`. */
export const api = (paths: { readonly [path: string]: Json }, more: Json = {}): Json => ({
  openapi: '3.0.3',
  info: { title: 'Acme', version: '1' },
  servers: [{ url: 'https://api.acme.test/v1' }],
  paths: Object.fromEntries(Object.entries(paths).map(([path, get]) => [path, { get }])),
  ...more,
});

/** A GET that answers this. */
export const answers = (schema: Json, parameters: readonly Json[] = [], headers: Json = {}): Json => ({
  parameters,
  responses: { 200: { description: 'OK', headers, content: { 'application/json': { schema } } } },
});

export const object = (properties: Json, more: Json = {}): Json => ({ type: 'object', properties, ...more });

export const list = (items: Json): Json => ({ type: 'array', items });

export const query = (name: string, schema: Json = { type: 'string' }, more: Json = {}): Json => ({
  name,
  in: 'query',
  schema,
  ...more,
});

export const inPath = (name: string, schema: Json = { type: 'string' }): Json => ({
  name,
  in: 'path',
  required: true,
  schema,
});

export const ITEM = object({ id: { type: 'integer' }, name: { type: 'string' } });
