import { join } from 'node:path';

import { CommandError } from '../command-error.ts';
import { settingOf } from '../generate/connector-files.ts';
import { formatted } from '../generate/format.ts';
import { takeName, type StreamNames } from '../generate/names.ts';
import { readmeFile } from '../generate/readme-file.ts';
import { schemaText } from '../generate/record-schema.ts';
import { parentOf, streamFile, type StreamSetting } from '../generate/stream-file.ts';
import type { ConfigField, ConnectorPlan, Guess, StreamPlan } from '../plan/plan.ts';
import { readDocument } from '../types/read-document.ts';
import { addedConfig } from './added-config.ts';
import { sharedCall, withBaseClasses } from './api-base.ts';
import type { Connector } from './connector.ts';
import { inForm, withExamples, withFields, withTestConfig } from './edits.ts';
import type { Found } from './find-plan.ts';
import { withGuesses } from './guesses.ts';
import { checkParents } from './parents.ts';
import { withRows } from './readme-rows.ts';
import { parseStreamList, streamListLines, withStreams, type NewStream } from './stream-list.ts';
import type { FileChanges } from './write-files.ts';

/** All that adding streams does to a connector, before any of it is done. */
export interface Change extends FileChanges {
  readonly streams: readonly NewStream[];
  readonly missing: readonly ConfigField[];
  readonly guesses: readonly Guess[];
  /** What the author is to put into files that say more than the generator knows. */
  readonly toDo: readonly { readonly file: string; readonly add: readonly string[] }[];
}

/** @throws CommandError where the streams do not fit the connector */
export const planChange = async (
  { plan, added, guesses: known }: Pick<Found, 'plan' | 'added'> & { readonly guesses: readonly Guess[] },
  connector: Connector,
): Promise<Change> => {
  const streams = plan.streams.filter(({ name }) => added.includes(name));
  const { fields, missing, guesses: guessed } = addedConfig(plan, streams, connector);
  const setting: StreamSetting = {
    ...settingOf({ ...plan, auth: { kind: 'none' } }),
    names: await namesIn(plan, added, connector),
    fields,
    shared: await sharedCall(connector.api, streams),
  };
  const made = added.flatMap((name) => setting.names.get(name) ?? []);
  await refuseTaken(made, connector);
  await checkParents(made, setting, connector);

  const created = new Map<string, string>();
  for (const stream of made) {
    const code = `src/streams/${stream.file}.ts`;
    const schema = `schemas/${stream.schema}.json`;
    created.set(code, await formatted(code, streamFile(stream, setting)));
    created.set(schema, await formatted(schema, schemaText(stream.plan.schema, stream.recordType)));
  }
  const changed = new Map<string, string>();
  const toDo: { file: string; add: readonly string[] }[] = [];
  const change = async (
    path: string,
    edit: (text: string) => string | undefined,
    add: readonly string[],
  ): Promise<void> => {
    const text = await connector.text(path);
    const after = text === undefined ? undefined : edit(text);
    if (text === undefined || after === undefined) toDo.push({ file: path, add });
    else if (after !== text) changed.set(path, await inForm(path, text, after));
  };

  const news = made.map((stream): NewStream => ({ stream, parent: parentOf(stream, setting) }));
  const list = await parseStreamList((await connector.text('src/streams.ts')) ?? '');
  const listText = list && (await withStreams(list, news));
  await change('src/streams.ts', () => listText, streamListLines(news));
  await change('src/api.ts', (text) => withBaseClasses(text, setting.links.size > 0 && hasChild(made, setting)), []);
  if (missing.length > 0) {
    const properties = missing.map(({ name, schema }) => `${JSON.stringify(name)}: ${JSON.stringify(schema)}`);
    const isRequired = missing.some(({ required }) => required);
    if ((await connector.text('spec.json')) === undefined) throw noSpec(properties);
    await change('spec.json', (text) => withFields(text, missing, connector), []);
    if (isRequired && (await connector.text('config.example.json')) !== undefined) {
      // An edit of what is no JSON would make it worse.
      readDocument(join(connector.directory, 'config.example.json'));
      await change('config.example.json', (text) => withExamples(text, missing), []);
    }
    if (await connector.text('test/streams.test.ts')) {
      const names = missing.map(({ name }) => `the field ${JSON.stringify(name)}, in the config of the tests`);
      await change('test/streams.test.ts', (text) => withTestConfig(text, missing), names);
    }
  }
  if ((await connector.text('README.md')) !== undefined) {
    const readme = readmeFile(plan, '', { ...setting, fields: { ...fields, all: missing } });
    await change('README.md', (text) => withRows(text, readme), []);
  }
  const guesses = [...known, ...guessed];
  const said = await connector.text('GUESSES.md');
  const guessText = withGuesses(said, plan, { guesses, added: streams });
  if (guessText !== undefined) changed.set('GUESSES.md', await formatted('GUESSES.md', guessText));

  const { newTypes } = await import('./new-types.ts');
  changed.set('src/record-types.ts', await newTypes(connector.directory, new Map([...created, ...changed])));
  return { created, changed, streams: news, missing, guesses, toDo };
};

const hasChild = (made: readonly StreamNames[], setting: StreamSetting): boolean =>
  made.some((stream) => parentOf(stream, setting) !== undefined);

const noSpec = (properties: readonly string[]): CommandError =>
  new CommandError(
    `The new streams need more of the config, but there is no spec.json. Nothing was added. Put this into the spec first:\n\n` +
      properties.map((property) => `  ${property}`).join('\n'),
  );

/** The names of the plan's streams: those of the connector's own have the classes that they have there. */
const namesIn = async (
  plan: ConnectorPlan,
  added: readonly string[],
  connector: Connector,
): Promise<ReadonlyMap<string, StreamNames>> => {
  const types = new Set(
    [...((await connector.text('src/record-types.ts')) ?? '').matchAll(/^export type (\w+)/gm)].map(([, name = '']) =>
      name.toLowerCase(),
    ),
  );
  const { names } = settingOf({ ...plan, auth: { kind: 'none' } });
  return new Map(
    [...names].map(([key, stream]) => {
      if (added.includes(key)) {
        const wanted = types.has(stream.recordType.toLowerCase()) ? `${stream.className}Record` : stream.recordType;
        return [key, { ...stream, recordType: takeName(types, wanted) }];
      }
      const present = connector.streams.find(({ name }) => name === stream.name);
      if (!present) throw noClass(stream.plan);
      const { className, file } = present;
      const variable =
        className === stream.className ? stream.variable : `${className.charAt(0).toLowerCase()}${className.slice(1)}`;
      return [key, { ...stream, className, file, variable }];
    }),
  );
};

const noClass = ({ name }: StreamPlan): CommandError =>
  new CommandError(
    `The stream "${name}" has a schema, but no file in src/streams exports its class, which its children need. Nothing was added.`,
  );

/** Two streams with one class or one file do not go together. */
const refuseTaken = async (made: readonly StreamNames[], connector: Connector): Promise<void> => {
  for (const { name, className, file, schema } of made) {
    const other = connector.streams.find((stream) => stream.className.toLowerCase() === className.toLowerCase());
    if (other) {
      throw new CommandError(
        `Stream "${name}" would be the class ${className}, which src/streams/${other.file}.ts has already. Nothing was added: rename that one.`,
      );
    }
    for (const path of [`src/streams/${file}.ts`, `schemas/${schema}.json`]) {
      if ((await connector.text(path)) === undefined) continue;
      throw new CommandError(
        `Stream "${name}" would be in ${path}, which is there already. Nothing was added: rename that one.`,
      );
    }
  }
};
