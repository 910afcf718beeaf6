import { existsSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** An editor saves in several steps; milliseconds of quiet after which they are taken for one. */
const QUIET = 100;
/** Files beside the sources that change what a connector does. */
const BESIDE = /^(spec\.(json|ya?ml)|package\.json|tsconfig\.json|config\.json)$/;
const FOLDERS = ['src', 'schemas', 'secrets'];

/** The changes of what a connector is made of. */
export interface Changes {
  /** Resolves with the name of a file that has changed since the last call, at once or later; undefined after `stop`. */
  next(): Promise<string | undefined>;
  readonly stop: () => void;
}

/**
 * Watches a connector's sources, schemas, spec and config.
 *
 * @param config the file given by --config
 */
export const watchConnector = (directory: string, config: string | undefined): Changes => {
  let changed: string | undefined;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let wake = (): void => {};
  const note = (name: string): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      changed = name;
      wake();
    }, QUIET);
  };
  const watchers: FSWatcher[] = [
    watch(directory, (_, name) => {
      if (name !== null && BESIDE.test(name)) note(name);
    }),
    ...FOLDERS.filter((folder) => existsSync(join(directory, folder))).map((folder) =>
      watch(join(directory, folder), { recursive: true }, (_, name) => note(join(folder, name ?? ''))),
    ),
  ];
  if (config !== undefined) {
    const file = resolve(config);
    watchers.push(
      watch(dirname(file), (_, name) => {
        if (name === basename(file)) note(config);
      }),
    );
  }
  // A folder that goes away takes its watcher along, and no more.
  for (const watcher of watchers) watcher.on('error', () => watcher.close());
  return {
    async next() {
      if (changed === undefined && !isStopped) await new Promise<void>((resume) => (wake = resume));
      const name = changed;
      changed = undefined;
      return name;
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      wake();
    },
  };
};
