import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { CommandError } from '../command-error.ts';
import { isJsonObject, readDocument } from '../types/read-document.ts';

/** How the connector in a folder is started: its only "bin", by this very Node. @throws CommandError when it has none */
export const defaultCommand = (folder = '.'): string[] => {
  const file = resolve(folder, 'package.json');
  if (!existsSync(file)) {
    throw new CommandError(`${resolve(folder)} has no package.json. Say how to start the connector after --.`);
  }
  const { bin } = readDocument(file);
  const programs = typeof bin === 'string' ? [bin] : isJsonObject(bin) ? Object.values(bin) : [];
  const [program, ...others] = programs;
  if (typeof program !== 'string' || others.length > 0) {
    throw new CommandError(
      `${file}: "bin" names ${programs.length} programs, expected one. Say how to start the connector after --.`,
    );
  }
  const main = resolve(folder, program);
  if (existsSync(main)) return [process.execPath, main];
  throw new CommandError(`${main} is not there, and ${file} names it in "bin". Build the connector first.`);
};
