import { formatted } from '../generate/format.ts';
import type { StreamNames } from '../generate/names.ts';
import type { ParentLink } from '../generate/parents.ts';
import { streamsFile } from '../generate/stream-file.ts';
import type { StreamPlan } from '../plan/plan.ts';

/** What `src/streams.ts` lists, by the names of the classes. */
export interface StreamList {
  readonly names: ReadonlyMap<string, StreamNames>;
  readonly links: ReadonlyMap<string, ParentLink>;
}

/** A stream to be listed. */
export interface NewStream {
  readonly stream: StreamNames;
  readonly parent: StreamNames | undefined;
}

const PATH = 'src/streams.ts';
const IMPORT = /^import \{ (\w+) \} from '\.\/streams\/([\w.-]+)\.ts';$/gm;
const MADE = /\bnew (\w+)\(\{ config(?:, (\w+))? \}\)/g;
const KEPT = /\bconst (\w+) = new (\w+)\(/g;

/** What a text of `src/streams.ts` lists; undefined where it says more than the generator does, or says it otherwise. */
export const parseStreamList = async (text: string): Promise<StreamList | undefined> => {
  const lines = await formatted(PATH, text).catch(() => '');
  const flat = lines.replaceAll(/\s+/g, ' ');
  const kept = new Map([...flat.matchAll(KEPT)].map(([, variable = '', className = '']) => [className, variable]));
  const classOf = new Map([...kept].map(([className, variable]) => [variable, className]));
  const names = new Map(
    [...lines.matchAll(IMPORT)].map(([, className = '', file = '']) => [
      className,
      listed({ className, file, variable: kept.get(className) ?? lowerFirst(className) }),
    ]),
  );
  const links = new Map(
    [...flat.matchAll(MADE)].flatMap(([, className = '', parent]) => {
      const stream = parent === undefined ? undefined : classOf.get(parent);
      return stream === undefined ? [] : [[className, { stream, fields: new Map() }] as const];
    }),
  );
  const list = { names, links };
  return (await formatted(PATH, streamsFile(list))) === lines ? list : undefined;
};

/** The text of `src/streams.ts` with more streams; undefined where a parent is not listed. */
export const withStreams = async (list: StreamList, added: readonly NewStream[]): Promise<string | undefined> => {
  const names = new Map(list.names);
  const links = new Map(list.links);
  for (const { stream } of added) names.set(stream.className, listed(stream));
  for (const { stream, parent } of added) {
    if (!parent) continue;
    if (names.get(parent.className)?.variable !== parent.variable) return undefined;
    links.set(stream.className, { stream: parent.className, fields: new Map() });
  }
  return formatted(PATH, streamsFile({ names, links }));
};

/** What a person is to put into `src/streams.ts`. */
export const streamListLines = (added: readonly NewStream[]): readonly string[] => [
  ...added.map(({ stream: { className, file } }) => `import { ${className} } from './streams/${file}.ts';`),
  ...added.map(
    ({ stream: { className }, parent }) => `new ${className}({ config${parent ? `, ${parent.variable}` : ''} }),`,
  ),
];

type Listed = Pick<StreamNames, 'className' | 'file' | 'variable'>;

/** Of a stream that is only listed nothing else is known, nor needed. */
const listed = ({ className, file, variable }: Listed): StreamNames => ({
  plan: { ...UNKNOWN, name: className },
  name: className,
  className,
  recordType: className,
  variable,
  schema: className,
  file,
});

const UNKNOWN: StreamPlan = {
  name: '',
  path: '/',
  pathParams: {},
  query: {},
  recordsPath: '$',
  pagination: { kind: 'none' },
  schema: {},
  examples: [],
  guesses: [],
};

const lowerFirst = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
