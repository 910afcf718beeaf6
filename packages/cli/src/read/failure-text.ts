import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Connector } from './connector.ts';
import type { Ended } from './connector-process.ts';
import type { Failure } from './progress.ts';

const REMEDIES: { readonly [type: string]: string } = {
  config_error: 'Correct the config or a permission, then run it again.',
  transient_error: 'It looks temporary: run it again later.',
  system_error: 'The connector has to be corrected.',
};

/** A failure as lines for the person at the desk: what happened, who has to act, and where in the author's code it was. */
export const failureText = ({ message, type, stack }: Failure, directory: string): string => {
  const place = type === 'system_error' ? placeIn(stack ?? '', directory) : undefined;
  const where = place === undefined ? '' : ` At ${place}.`;
  return type === undefined ? message : `${message}\n  ${type}: ${REMEDIES[type] ?? ''}${where}`;
};

/** The first line of a stack that is in the author's own files: `src/streams.ts:41:12`. */
export const placeIn = (stack: string, directory: string): string | undefined => {
  for (const [, found = '', line, column] of stack.matchAll(/(file:\/\/\/[^\s()]+|\/[^\s():]+):(\d+)(?::(\d+))?/g)) {
    const place = relative(directory, pathOf(found));
    if (place.startsWith('..') || place.split(sep).includes('node_modules')) continue;
    return [place, line, column].filter((part) => part !== undefined).join(':');
  }
  return undefined;
};

const pathOf = (found: string): string => {
  if (!found.startsWith('file:')) return found;
  try {
    return fileURLToPath(found.replace(/\?.*$/, ''));
  } catch {
    return found;
  }
};

/** Why a process ended that said nothing about it in the protocol; undefined when it ended well, or was told to. */
export const crashOf = (
  { exitCode, signal, stderr, wasStopped, error }: Ended,
  connector: Connector,
): Failure | undefined => {
  if (error) return { message: `${connector.name} cannot be started: ${error.message}.` };
  if (wasStopped || exitCode === 0) return undefined;
  const mistake = mistakeIn(stderr, connector.directory);
  if (mistake !== undefined) return { message: mistake };
  const how = signal === null ? `with exit code ${exitCode}` : `by ${signal}`;
  const last = stderr.trim().split('\n').slice(-10).join('\n');
  return { message: `${connector.name} ended ${how} and ${last === '' ? 'said nothing' : `said:\n${last}`}` };
};

/** What a compiler or Node says of a file that cannot be run, as `src/streams.ts:12:5: …`. */
const mistakeIn = (stderr: string, directory: string): string | undefined => {
  const compiler = /^\s*(\/[^\n:]+):(\d+):(\d+): ERROR: (.+)$/m.exec(stderr);
  if (compiler) {
    const [, file = '', line, column, text = ''] = compiler;
    return `${relative(directory, file)}:${line}:${column}: ${sentence(text)}`;
  }
  const thrown = /^(?:Uncaught )?(\w*(?:Error|Exception)(?: \[\w+\])?: .+)$/m.exec(stderr)?.[1];
  if (thrown === undefined) return undefined;
  // A module that is not found is named with the file that wants it.
  const wanting = /imported from (\/\S+)/.exec(thrown)?.[1];
  if (wanting !== undefined) return `${relative(directory, wanting)}: ${sentence(thrown)}`;
  // Node shows the line before the error where there is no stack, as for an export that is missing.
  const at = stderr.indexOf(thrown);
  const place = placeIn(stderr.slice(at), directory) ?? placeIn(stderr.slice(0, at), directory);
  return place === undefined ? sentence(thrown) : `${place}: ${sentence(thrown)}`;
};

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
