export type BodyPathStep = { readonly name: string } | 'each';

const STEP =
  /\.([A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*)|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]|(\[\*\]|\.\*)/y;

/**
 * Reads a path as `recordsPath` of a stream has it: names and wildcards.
 *
 * @throws TypeError for any other path
 */
export const parseBodyPath = (owner: string, path: string): readonly BodyPathStep[] => {
  const steps: BodyPathStep[] = [];
  for (let at = 1; at < path.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const match = path.startsWith('$') ? STEP.exec(path) : null;
    if (match === null) throw notAPath(owner, path);
    const [, plain, single, double] = match;
    const name = plain ?? (single ?? double)?.replace(/\\(.)/g, '$1');
    steps.push(name === undefined ? 'each' : { name });
  }
  if (!path.startsWith('$')) throw notAPath(owner, path);
  return steps;
};

/** The names of a path without wildcards; a text that does not begin with `$` is one name. */
export const namesIn = (owner: string, path: string): readonly string[] => {
  if (!path.startsWith('$')) return [path];
  return parseBodyPath(owner, path).map((step) => {
    if (step === 'each') throw notAPath(owner, path, 'a path without wildcards, such as $.meta.total');
    return step.name;
  });
};

const notAPath = (owner: string, path: string, wanted = 'a path such as $.data[*] or $.meta.total') =>
  new TypeError(`${owner}: ${JSON.stringify(path)} is not ${wanted}.`);

type Node = Record<string, unknown>;

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at these names; undefined where they lead nowhere. */
export const valueAt = (value: unknown, names: readonly string[]): unknown =>
  names.reduce<unknown>((node, name) => (isNode(node) && Object.hasOwn(node, name) ? node[name] : undefined), value);

/** Puts a value into a document, which is changed; objects on the way are made. */
export const putAt = (document: Node, names: readonly string[], value: unknown): void => {
  const [name = '', ...rest] = names;
  if (rest.length === 0) document[name] = value;
  else {
    const below = document[name];
    putAt(isNode(below) ? below : (document[name] = {}), rest, value);
  }
};

/** The document in which a path leads to exactly these records: the path `$.edges[*].node` puts each into a `node`. */
export const documentOf = (path: readonly BodyPathStep[], records: readonly unknown[]): unknown => {
  const [step, ...rest] = path;
  if (step === undefined) return records[0] ?? null;
  if (step !== 'each') return { [step.name]: documentOf(rest, records) };
  return rest.includes('each') ? [documentOf(rest, records)] : records.map((record) => documentOf(rest, [record]));
};
