import { join } from 'node:path';

import { CommandError } from '../command-error.ts';
import { formatted } from '../generate/format.ts';
import type { StreamNames } from '../generate/names.ts';
import { streamFile, type StreamSetting } from '../generate/stream-file.ts';
import { readDocument } from '../types/read-document.ts';
import type { Connector } from './connector.ts';

/** What makes the slices of a stream: the link to its parent, and what goes into a slice beside the key. */
const SLICES = [/this\.parent = \{[^;]*\};/, /async \*slices\([\s\S]*?\n {2}\}/];

/**
 * Makes sure that the streams of the connector give their new children what these ask for.
 *
 * @throws CommandError for a stream that has another key, or whose slices are made otherwise
 */
export const checkParents = async (
  added: readonly StreamNames[],
  setting: StreamSetting,
  connector: Connector,
): Promise<void> => {
  const isNew = (name: string): boolean => added.some(({ plan }) => plan.name === name);
  for (const child of added) {
    let link = setting.links.get(child.plan.name);
    for (let below = child; link; link = setting.links.get(below.plan.name)) {
      const parent = setting.names.get(link.stream);
      if (!parent) break;
      if (!isNew(parent.plan.name)) {
        await checkFields(child, parent, [...link.fields.keys()], connector);
        await checkSlices(child, parent, setting, connector);
      }
      below = parent;
    }
  }
};

const checkFields = async (
  child: StreamNames,
  parent: StreamNames,
  needed: readonly string[],
  connector: Connector,
): Promise<void> => {
  const path = `schemas/${parent.schema}.json`;
  if ((await connector.text(path)) === undefined) return;
  const { properties } = readDocument(join(connector.directory, path));
  if (properties === undefined) return;
  const missing = needed.filter((field) => !Object.hasOwn(Object(properties), field));
  if (missing.length === 0) return;
  throw new CommandError(
    `"${child.name}" needs ${missing.map((field) => `"${field}"`).join(' and ')} of the records of "${parent.name}", ` +
      `but ${path} has no such field. Nothing was added: put it there, if the API has it.`,
  );
};

const checkSlices = async (
  child: StreamNames,
  parent: StreamNames,
  setting: StreamSetting,
  connector: Connector,
): Promise<void> => {
  const path = `src/streams/${parent.file}.ts`;
  const present = squeezed((await connector.text(path)) ?? '');
  const planned = await formatted(path, streamFile(parent, setting));
  for (const pattern of SLICES) {
    const [lines] = pattern.exec(planned) ?? [];
    if (lines === undefined || present.includes(squeezed(lines))) continue;
    throw new CommandError(
      `"${child.name}" is a child of "${parent.name}", whose slices are to be made like this:\n\n  ${lines}\n\n` +
        `${path} does it otherwise. Nothing was added: change it there, or write "${child.name}" by hand.`,
    );
  }
};

const squeezed = (code: string): string => code.replaceAll(/\s+/g, ' ').replaceAll('"', "'");
