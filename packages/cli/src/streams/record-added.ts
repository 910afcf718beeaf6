import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { CommandError } from '../command-error.ts';
import { recordCassettes } from '../generate/record-cassettes.ts';
import { setInJson } from '../oauth/json-edit.ts';
import { readDocument } from '../types/read-document.ts';
import type { Added } from './add-streams.ts';
import { readConnector, requiredOf } from './connector.ts';
import { withStreams, type NewStream } from './stream-list.ts';

export interface Recorded {
  /** The new cassettes, by their paths in the connector. */
  readonly files: readonly string[];
  /** The streams that have none. */
  readonly missing: readonly string[];
  /** Why they have none; there with `missing`. */
  readonly why?: string;
}

/** For streams of which nothing is recorded. */
export const nothingRecorded = ({ change }: Pick<Added, 'change'>, why: string): Recorded => ({
  files: [],
  missing: change.streams.map(({ stream }) => stream.name),
  why,
});

/**
 * Records the examples of added streams into the connector's cassettes, where those of other streams stay as they are.
 * What cannot be recorded without the real API is told, and no failure.
 */
export const recordAdded = async (added: Added, signal: AbortSignal): Promise<Recorded> => {
  const { directory, plan, change } = added;
  if (!existsSync(join(directory, 'cassettes'))) {
    return nothingRecorded(added, 'the connector has no folder "cassettes"');
  }
  if (!isInstalled(directory)) return nothingRecorded(added, 'the connector is not installed');
  const able = ableStreams(change.streams);
  const others = change.streams.filter((each) => !able.includes(each));
  const rest: Recorded = {
    files: [],
    missing: others.map(({ stream }) => stream.name),
    ...(others.length > 0 && { why: 'they need records of other streams, as the API has them' }),
  };
  if (able.length === 0) return rest;
  const streams = plan.streams.filter(({ name }) => able.some(({ stream }) => stream.plan.name === name));
  const workplace = join(directory, `.headwater-${randomBytes(4).toString('hex')}`);
  const clean = (): void => rmSync(workplace, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', clean);
  try {
    await prepare(workplace, directory, able);
    const auth = plan.auth.kind === 'oauth2' ? plan.auth : ({ kind: 'none' } as const);
    await recordCassettes({ ...plan, auth, streams }, { directory: workplace, signal });
    return { ...rest, files: await takeOver(workplace, directory, able) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CommandError)) throw error;
    return nothingRecorded(added, error.message.replaceAll(workplace, directory));
  } finally {
    clean();
    process.removeListener('exit', clean);
  }
};

/** Those whose parents are all among them. */
const ableStreams = (streams: readonly NewStream[]): readonly NewStream[] => {
  const kept = streams.filter(({ parent }) => !parent || streams.some(({ stream }) => stream.name === parent.name));
  return kept.length === streams.length ? kept : ableStreams(kept);
};

const isInstalled = (directory: string): boolean => {
  const { resolve } = createRequire(join(directory, 'package.json'));
  return ['@headwater/core', '@headwater/testing', 'tsx'].every((name) =>
    resolve.paths(name)?.some((folder) => existsSync(join(folder, name))),
  );
};

/** A copy of the connector that has the new streams only, and whose config is complete without a word. */
const prepare = async (workplace: string, directory: string, streams: readonly NewStream[]): Promise<void> => {
  await mkdir(workplace);
  for (const path of ['package.json', 'tsconfig.json', 'spec.json', 'schemas', 'src']) {
    if (existsSync(join(directory, path))) await cp(join(directory, path), join(workplace, path), { recursive: true });
  }
  const list = await withStreams({ names: new Map(), links: new Map() }, streams);
  await writeFile(join(workplace, 'src/streams.ts'), list ?? '');
  const source = join(workplace, 'src/source.ts');
  // Its check reads a stream that has no examples here.
  if (existsSync(source)) await writeFile(source, (await readFile(source, 'utf8')).replace(CHECK, ''));
  const connector = await readConnector(workplace);
  const spec = await connector.text('spec.json');
  const examples = join(directory, 'config.example.json');
  if (spec === undefined || !existsSync(examples)) return;
  const example = readDocument(examples);
  const preset = (text: string, name: string): string =>
    example[name] === undefined
      ? text
      : setInJson(text, ['connectionSpecification', 'properties', name, 'default'], example[name]);
  await writeFile(join(workplace, 'spec.json'), requiredOf(connector).reduce(preset, spec));
};

const CHECK = /await firstRecordOf\(new \w+\(\{ config \}\)\);/;

/** Moves what was recorded of the new streams to the cassettes of the connector; what is there stays. */
const takeOver = async (
  workplace: string,
  directory: string,
  streams: readonly NewStream[],
): Promise<readonly string[]> => {
  const files: string[] = [];
  for (const { stream } of streams) {
    const path = `cassettes/${stream.name}.json`;
    if (!existsSync(join(workplace, path)) || existsSync(join(directory, path))) continue;
    await copyFile(join(workplace, path), join(directory, path));
    files.push(path);
  }
  return files;
};
