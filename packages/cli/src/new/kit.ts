import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { CommandError } from '../command-error.ts';
import type { PackageManager } from './package-manager.ts';

/** Where this command is: the same from its source and from its build. */
const HOME = realpathSync(fileURLToPath(new URL('../..', import.meta.url)));

/** The packages of the kit, and where they are in a checkout and in a folder of tarballs. */
const PACKAGES = [
  { name: '@headwater/core', folder: 'core', tarball: /^headwater-core-\d.*\.tgz$/ },
  { name: '@headwater/testing', folder: 'testing', tarball: /^headwater-testing-\d.*\.tgz$/ },
  { name: 'headwater', folder: 'cli', tarball: /^headwater-\d.*\.tgz$/ },
] as const;

/** Where a new connector gets the kit from. */
export interface Kit {
  /** What the person is told about it; undefined when it is what anyone expects, the registry. */
  readonly told: string | undefined;
  /** The paths of the packages by name; empty when their versions say enough. */
  readonly places: ReadonlyMap<string, string>;
}

/** Whether this command runs from the repository of the kit and not from a node_modules folder. */
const isCheckout = (): boolean =>
  !HOME.split(sep).includes('node_modules') && existsSync(join(HOME, '../core/package.json'));

/** The folder with the template that is copied. */
export const templateFolder = (): string =>
  isCheckout() ? join(HOME, '../../templates/source-api') : join(HOME, 'template');

/**
 * @param folder of tarballs, as `npm pack` writes them
 * @throws CommandError when a tarball is missing there
 */
export const findKit = (folder?: string): Kit => {
  if (folder !== undefined) {
    return { told: `The kit is installed from the tarballs in ${folder}.`, places: tarballs(folder) };
  }
  if (!isCheckout()) return { told: undefined, places: new Map() };
  const root = join(HOME, '..');
  const places = new Map(PACKAGES.map(({ name, folder: own }) => [name, join(root, own)]));
  return {
    told: `The kit is linked from the checkout in ${join(HOME, '../..')}: this command runs from there.`,
    places,
  };
};

const tarballs = (folder: string): ReadonlyMap<string, string> => {
  let names: readonly string[];
  try {
    names = readdirSync(folder).toSorted();
  } catch (cause) {
    throw new CommandError(`--kit ${folder}: there is no such folder. Name one with the output of \`npm pack\`.`, {
      cause,
    });
  }
  return new Map(
    PACKAGES.map(({ name, tarball }) => {
      const found = names.findLast((file) => tarball.test(file));
      if (found !== undefined) return [name, realpathSync(join(folder, found))];
      throw new CommandError(
        `--kit ${folder}: there is no tarball of ${name}. Run \`npm pack --workspace ${name} --pack-destination ${folder}\`.`,
      );
    }),
  );
};

/** Lets the `package.json` of a connector take the kit from these places, by paths relative to it. */
export const linkKit = (directory: string, { places }: Kit, { linkProtocol }: PackageManager): void => {
  if (places.size === 0) return;
  const file = join(directory, 'package.json');
  const whole = JSON.parse(readFileSync(file, 'utf8'));
  const from = realpathSync(directory);
  for (const list of [whole.dependencies, whole.devDependencies]) {
    for (const [name, path] of places) {
      if (list?.[name] === undefined) continue;
      const protocol = path.endsWith('.tgz') ? 'file:' : linkProtocol;
      list[name] = protocol + relative(from, path).split(sep).join('/');
    }
  }
  writeFileSync(file, `${JSON.stringify(whole, undefined, 2)}\n`);
};
