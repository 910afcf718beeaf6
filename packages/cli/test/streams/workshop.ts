import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { temporaryFolder } from '@headwater/testing';

import { writeConnector } from '../../src/generate/write-connector.ts';
import { planFromOpenApi } from '../../src/openapi/index.ts';
import type { ConnectorPlan } from '../../src/plan/plan.ts';
import { ROOT } from '../headwater.ts';
import { answers, api, inPath, list, object, query } from '../openapi/descriptions.ts';

const TEMPLATE = join(ROOT, 'templates/source-api');

const id = { type: 'integer' };
const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };
const pages = [query('page', id), query('per_page', id)];

/** An API with plain lists, children of children, a list that needs the config, and one that can be asked since when. */
const ACME = api({
  '/customers': answers(list(object({ id, name: text })), pages),
  '/customers/{customer_id}/orders': answers(list(object({ id, total: id })), [inPath('customer_id', id), ...pages]),
  '/customers/{customer_id}/orders/{order_id}/lines': answers(list(object({ id, sku: text })), [
    inPath('customer_id', id),
    inPath('order_id', id),
  ]),
  '/workspaces/{workspace}/members': answers(list(object({ id, email: text })), [inPath('workspace')]),
  '/events': answers(list(object({ id, updated_at: time })), [query('updated_since', time)]),
  '/products': answers(list(object({ id, price: id })), pages),
});

/** A folder where connectors find the kit, with the description of an API. */
export const workshop = async () => {
  const folder = await temporaryFolder();
  await symlink(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));
  const openapi = await folder.write('acme.json', ACME);
  return {
    path: folder.path,
    openapi,
    write: (name: string, content: unknown): Promise<string> => folder.write(name, content),
    remove: (): Promise<void> => folder.remove(),
    planOf: async (...streams: readonly string[]): Promise<ConnectorPlan> =>
      (await planFromOpenApi(openapi, { streams })).plan,
    /** A new connector of a plan. */
    async make(name: string, plan: ConnectorPlan): Promise<string> {
      const directory = join(folder.path, name);
      await mkdir(directory);
      await writeConnector(plan, { name, template: TEMPLATE, directory });
      return directory;
    },
  };
};

/** All files of a folder, by their paths. */
export const filesOf = async (directory: string): Promise<Readonly<Record<string, string>>> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = files.map(async (file) => [file.slice(directory.length + 1), await readFile(file, 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
};

/** Changes a file as its author would. */
export const edit = async (file: string, change: (text: string) => string): Promise<void> => {
  const before = await readFile(file, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${file} is as it was.`);
  await writeFile(file, after);
};
