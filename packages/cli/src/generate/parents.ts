import { CommandError } from '../command-error.ts';
import type { ConnectorPlan, StreamPlan } from '../plan/plan.ts';
import { snakeName, takeName } from './names.ts';

/** How a child stream hangs on its parent. */
export interface ParentLink {
  /** The plan's name of the parent. */
  readonly stream: string;
  /** Fields of the parent's records and what they are called in the slice; the first one is the key. */
  readonly fields: ReadonlyMap<string, string>;
}

interface OpenLink {
  readonly stream: string;
  /** What the path that first asked for a field calls it. */
  readonly wanted: Map<string, string>;
}

const PARAMETER = /\{([^{}]*)\}/g;

/** A path in pieces: texts at even places, names of parameters at odd ones. */
export const pathPieces = (path: string): readonly string[] => path.replace(/^\/+/, '').split(PARAMETER);

/** The links of all child streams of a plan, by the plan's names of the children, parents before their children. */
export const parentLinks = (plan: Pick<ConnectorPlan, 'streams'>): ReadonlyMap<string, ParentLink> => {
  const byName = new Map(plan.streams.map((stream) => [stream.name, stream]));
  const open = new Map<string, OpenLink>();

  const visit = (stream: StreamPlan, way: readonly string[]): void => {
    if (open.has(stream.name)) return;
    if (way.includes(stream.name)) {
      throw problem(stream, `is its own parent: ${[...way, stream.name].join(' -> ')}. Take one of them away.`);
    }
    const references = referencesOf(stream);
    if (references.length === 0) return;
    for (const { parent } of references) {
      const found = byName.get(parent);
      if (!found) throw problem(stream, `has the parent "${parent}", which is not among the streams. Add it.`);
      visit(found, [...way, stream.name]);
    }
    const parents = new Set(references.map((reference) => reference.parent));
    const direct = [...parents].find((one) => [...parents].every((other) => lineOf(open, one).includes(other)));
    if (direct === undefined) {
      const names = [...parents].map((name) => `"${name}"`).join(' and ');
      throw problem(
        stream,
        `has the parents ${names}, none of which is a child of the others. Ask for one in the config.`,
      );
    }
    open.set(stream.name, { stream: direct, wanted: new Map() });
    for (const { parameter, parent, field } of references) {
      const child = [stream.name, ...lineOf(open, direct)].find((name) => open.get(name)?.stream === parent);
      const wanted = open.get(child ?? stream.name)?.wanted;
      if (wanted && !wanted.has(field)) wanted.set(field, parameter);
    }
    // A child that only asks for what stands above its parent hangs on the parent all the same.
  };
  for (const stream of plan.streams) visit(stream, []);
  return named(open, byName);
};

/** The streams above one, itself first. */
const lineOf = (links: ReadonlyMap<string, { readonly stream: string }>, name: string): string[] => {
  const line = [name];
  for (let link = links.get(name); link; link = links.get(link.stream)) line.push(link.stream);
  return line;
};

/** Gives the fields names that no stream above has taken: they all end up in one slice. */
const named = (
  open: ReadonlyMap<string, OpenLink>,
  byName: ReadonlyMap<string, StreamPlan>,
): ReadonlyMap<string, ParentLink> => {
  const links = new Map<string, ParentLink>();
  for (const [child, { stream, wanted }] of open) {
    const above = lineOf(links, stream).flatMap((name) => [...(links.get(name)?.fields.values() ?? [])]);
    const taken = new Set(above);
    const key = [byName.get(stream)?.primaryKey ?? []].flat().find((field) => wanted.has(field));
    const fields = [...wanted].toSorted(([one], [other]) => Number(other === key) - Number(one === key));
    links.set(child, {
      stream,
      fields: new Map(fields.map(([field, as]) => [field, takeName(taken, snakeName(as) || 'key', '_')])),
    });
  }
  return links;
};

/** What a parameter that comes from a parent is called in the slice. */
export const sliceName = (
  links: ReadonlyMap<string, ParentLink>,
  child: string,
  { stream, field }: { readonly stream: string; readonly field: string },
): string => {
  const owner = lineOf(links, child).find((name) => links.get(name)?.stream === stream);
  const name = owner === undefined ? undefined : links.get(owner)?.fields.get(field);
  if (name === undefined) throw new CommandError(`Stream "${child}" knows no "${field}" of "${stream}".`);
  return name;
};

/** @throws CommandError for a path that leads elsewhere, or a parameter nobody has a value for */
export const parametersOf = (stream: StreamPlan): readonly string[] => {
  const { path, pathParams } = stream;
  if (!/^\/(?![/\\])/.test(path) || /^\/[a-z][\w+.-]*:/i.test(path) || /(^|\/)\.\.?(\/|$)/.test(path)) {
    throw problem(
      stream,
      `has the path ${JSON.stringify(path)}. A path begins with one slash and stays below the base URL.`,
    );
  }
  const parameters = pathPieces(path).filter((_, at) => at % 2 === 1);
  for (const parameter of parameters) {
    if (Object.hasOwn(pathParams, parameter)) continue;
    throw problem(stream, `has the path ${path}, but nothing says where {${parameter}} comes from.`);
  }
  return parameters;
};

const referencesOf = (stream: StreamPlan) =>
  parametersOf(stream).flatMap((parameter) => {
    const value = stream.pathParams[parameter];
    return value?.from === 'parent' ? [{ parameter, parent: value.stream, field: value.field }] : [];
  });

const problem = ({ name }: StreamPlan, what: string): CommandError => new CommandError(`Stream "${name}" ${what}`);
