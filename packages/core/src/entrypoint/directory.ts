import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a connector's `spec.json` and `schemas/` are: where it says, else the package of the file Node was started with. */
export const directoryOf = (said: string | URL | undefined): string => {
  if (said !== undefined) return typeof said === 'string' && !said.startsWith('file:') ? said : fileURLToPath(said);
  const script = process.argv[1];
  const start = script !== undefined && existsSync(script) ? dirname(realpathSync(script)) : process.cwd();
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) return start;
  }
};

/** The name and version of the connector's package, for `--help` and `--version`. */
export const packageOf = (directory: string): { readonly name: string; readonly version: string } => {
  try {
    const { name, version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
      readonly name?: string;
      readonly version?: string;
    };
    return { name: name ?? basename(directory), version: version ?? '0.0.0' };
  } catch {
    return { name: basename(directory), version: '0.0.0' };
  }
};
