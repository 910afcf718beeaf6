import type { JsonObject } from '../plan/plan.ts';

/** A description that was read, with its references still in it. */
export interface Description {
  /** The file or URL it came from, for messages. */
  readonly place: string;
  /** Where it came from, if from the web: relative servers are meant against it. */
  readonly url?: URL | undefined;
  /** Swagger 2: other places for almost everything. */
  readonly isSwagger: boolean;
  readonly root: JsonObject;
  /** What a node is: references are followed; an empty object where they lead nowhere, or in a circle. */
  resolve(node: unknown): JsonObject;
  /** The references that led nowhere so far. */
  readonly broken: ReadonlySet<string>;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The node as an object; an empty one where it is something else. */
export const objectOf = (node: unknown): JsonObject => (isObject(node) ? node : {});

export const listOf = (node: unknown): readonly unknown[] => (Array.isArray(node) ? node : []);

export const textOf = (node: unknown): string => (typeof node === 'string' ? node : '');

/** Of references that lead to references. */
const MOST_HOPS = 30;

export const describe = (place: string, root: JsonObject, url?: URL): Description => {
  const broken = new Set<string>();

  const follow = (node: unknown, hops: number): JsonObject => {
    if (!isObject(node)) return {};
    const reference = node['$ref'];
    if (typeof reference !== 'string') return node;
    const target = reference.startsWith('#') ? pointedAt(root, reference.slice(1)) : undefined;
    if (hops >= MOST_HOPS || !isObject(target)) {
      broken.add(reference);
      return {};
    }
    return follow(target, hops + 1);
  };

  return { place, url, root, broken, isSwagger: 'swagger' in root, resolve: (node) => follow(node, 0) };
};

const pointedAt = (root: unknown, pointer: string): unknown => {
  let node = root;
  for (const segment of pointer.split('/').slice(1)) {
    const name = decoded(segment).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined;
    node = (node as { readonly [name: string]: unknown })[name];
  }
  return node;
};

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};
