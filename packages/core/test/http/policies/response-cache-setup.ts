import { mockApi, type MockApi } from '@headwater/testing';
import type { HttpRequest } from '@headwater/core';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { responseCache, type CacheHit, type ResponseCacheOptions } from '../../../src/http/policies/response-cache.ts';
import type { Send } from '../../../src/http/types.ts';
import { gotWire } from '../../../src/http/wire.ts';

let stores = 0;

/** A cache as another process would open it on the directory: with a memory of its own. */
export const cacheOn = (directory: string, options: ResponseCacheOptions = {}, wire: Send = gotWire()) => {
  const hits: CacheHit['from'][] = [];
  const memoryBytes = 2 ** 20 + ++stores;
  const policy = responseCache({ directory, memoryBytes, onHit: ({ from }) => hits.push(from), ...options });
  return { hits, send: policy(wire) };
};

export const get = (api: MockApi, path = '/x', rest: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url: `${api.url}${path}`,
  headers: {},
  ...rest,
});

export const textOf = ({ bytes }: { readonly bytes: Uint8Array }): string => Buffer.from(bytes).toString();

/** All that is in a directory, names and contents, as one text. */
export const everythingIn = async (directory: string): Promise<string> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(files.map((file) => readFile(file, 'latin1')));
  return [...files, ...contents].join('\n');
};

/** Answers with how many requests there were, so that an answer tells which request it belongs to. */
export const countingApi = async (): Promise<MockApi> => {
  const api = await mockApi({ strict: false });
  for (const method of ['GET', 'HEAD', 'POST']) api.on(`${method} /x`, () => ({ body: { n: api.requests.length } }));
  return api;
};
