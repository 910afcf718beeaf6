import { CommandError } from '../command-error.ts';
import type { ConnectorPlan } from '../plan/plan.ts';
import { apiFile } from './api-file.ts';
import { configFields, exampleConfig } from './config-fields.ts';
import { formatted } from './format.ts';
import { streamNames, type StreamNames } from './names.ts';
import { paginatorCall, sharedPaginator } from './paginator.ts';
import { parametersOf, parentLinks } from './parents.ts';
import { guessesFile, readmeFile } from './readme-file.ts';
import { schemaText } from './record-schema.ts';
import { sourceFile } from './source-file.ts';
import { specOf } from './spec-file.ts';
import { streamFile, streamsFile, type StreamSetting } from './stream-file.ts';
import { testFile } from './test-file.ts';

/**
 * The files of a connector that depend on the plan, by their paths with forward slashes, formatted. What the others are,
 * the template says; `src/record-types.ts` and the cassettes are made from these.
 *
 * @param name of the connector, as in its `package.json`
 * @throws CommandError for a plan that makes no connector: no streams, two with one name, a parent that is missing
 */
export const connectorFiles = async (plan: ConnectorPlan, name: string): Promise<ReadonlyMap<string, string>> => {
  const setting = settingOf(plan);
  const all = [...setting.names.values()];
  const first = all.find(({ plan: stream }) => !setting.links.has(stream.name));
  if (!first) throw new CommandError('The plan has no stream. Choose at least one.');
  const guesses = guessesFile(plan);
  const files = new Map<string, string>([
    ['README.md', readmeFile(plan, name, setting)],
    ...(guesses === undefined ? [] : [['GUESSES.md', guesses] as const]),
    ['spec.json', json(specOf(plan, setting.fields))],
    ['config.example.json', json(exampleConfig(setting.fields))],
    ['src/api.ts', apiFile(plan, setting.fields, setting.links.size > 0)],
    ['src/source.ts', sourceFile(plan, first)],
    ['src/streams.ts', streamsFile(setting)],
    ['test/streams.test.ts', testFile(plan, setting)],
    ...all.flatMap((stream) => filesOfStream(stream, setting)),
  ]);
  return allFormatted(files);
};

/** What the names and relations of a plan come to. */
export const settingOf = (plan: ConnectorPlan): StreamSetting => {
  const twice = plan.streams.find(({ name }, at) => plan.streams.findIndex((other) => other.name === name) !== at);
  if (twice)
    throw new CommandError(`Two streams of the plan are called "${twice.name}". Give one of them another name.`);
  if (!/^https?:\/\//.test(plan.baseUrl) || !URL.canParse(plan.baseUrl)) {
    throw new CommandError(
      `The base URL ${JSON.stringify(plan.baseUrl)} is not absolute. Give one like https://api.example.com/v1.`,
    );
  }
  plan.streams.forEach(parametersOf);
  const shared = sharedPaginator(plan);
  return {
    names: streamNames(plan),
    links: parentLinks(plan),
    fields: configFields(plan),
    shared: shared && paginatorCall(shared),
  };
};

const filesOfStream = (stream: StreamNames, setting: StreamSetting): (readonly [string, string])[] => [
  [`src/streams/${stream.file}.ts`, streamFile(stream, setting)],
  [`schemas/${stream.schema}.json`, schemaText(stream.plan.schema, stream.recordType)],
];

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const allFormatted = async (files: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> => {
  const texts = await Promise.all([...files].map(async ([path, text]) => [path, await formatted(path, text)] as const));
  return new Map(texts);
};
