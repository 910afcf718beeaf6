import { existsSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';

import { CommandError } from '../command-error.ts';
import { isJsonObject, readDocument, type JsonObject } from '../types/read-document.ts';
import { splitCommand } from './command-line.ts';

/** A connector as a program to start. */
export interface Connector {
  /** Absolute; where the program runs. */
  readonly directory: string;
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Whether this Node runs it, so that the probe can be loaded into its process. */
  readonly isProbed: boolean;
  /** Whether it is made with this kit, and so has options beside those of the protocol. */
  readonly isHeadwater: boolean;
}

/**
 * The connector in a directory: its TypeScript source when that is there, else what was built of it.
 *
 * @param command any program that speaks the Airbyte protocol, in place of that
 * @throws CommandError when there is none
 */
export const findConnector = (directory: string, command?: string): Connector => {
  const home = resolve(directory);
  if (!statSync(home, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CommandError(`${directory}: there is no such directory. Name the folder of a connector.`);
  }
  const manifest = manifestOf(home);
  const name = typeof manifest['name'] === 'string' ? manifest['name'] : basename(home);
  if (command !== undefined) {
    const [program, ...args] = splitCommand(command);
    return { directory: home, name: command, program, args, isProbed: false, isHeadwater: false };
  }
  const isHeadwater = ['dependencies', 'devDependencies', 'peerDependencies'].some((kind) =>
    Object.hasOwn(Object(manifest[kind]), '@headwater/core'),
  );
  const ours = { directory: home, name, program: process.execPath, isProbed: true, isHeadwater };
  const source = join('src', 'main.ts');
  if (existsSync(join(home, source))) {
    return { ...ours, args: ['--import', import.meta.resolve('tsx'), source] };
  }
  const built = builtMain(manifest);
  if (existsSync(join(home, built))) return { ...ours, args: [built] };
  throw new CommandError(
    `${join(directory, source)}: there is no such file, and no ${join(directory, built)} either. Name the folder of a ` +
      `connector, or its program: --command '…'.`,
  );
};

const manifestOf = (directory: string): JsonObject => {
  const path = join(directory, 'package.json');
  return existsSync(path) ? readDocument(path) : {};
};

const builtMain = ({ bin }: JsonObject): string => {
  const [main] = isJsonObject(bin) ? Object.values(bin) : [bin];
  return typeof main === 'string' ? join(main) : join('dist', 'main.js');
};

/** A path as people at the desk read it: from where they are, when it is below. */
export const shownPath = (path: string): string => {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') ? path : short;
};
