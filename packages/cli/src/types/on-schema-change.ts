import { watch } from 'node:fs';
import { join } from 'node:path';
import { isSpecName } from './connector-files.ts';

/** An editor saves in several steps; the schemas are read when it has been quiet for this many milliseconds. */
const QUIET = 50;

/** Calls back now and after each change of a connector's schemas or spec, never twice at a time. */
export const onSchemaChange = (
  directory: string,
  callback: () => Promise<void>,
): { readonly stop: () => void; readonly stopped: Promise<void> } => {
  const { promise, resolve, reject } = withResolvers();
  let timer: NodeJS.Timeout | undefined;
  let last = callback();
  const afterLast = async (before = last): Promise<void> => {
    await before;
    await callback();
  };
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = afterLast().catch(reject);
    }, QUIET);
  };
  const watchers = [
    watch(directory, (_, name) => {
      if (name !== null && isSpecName(name)) changed();
    }),
    watch(join(directory, 'schemas'), { recursive: true }, changed),
  ];
  for (const watcher of watchers) watcher.on('error', reject);
  const stop = (): void => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
    last.then(resolve, reject);
  };
  return { stop, stopped: promise };
};

/** `Promise.withResolvers` of newer Nodes. */
const withResolvers = () => {
  let resolve!: () => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
};
