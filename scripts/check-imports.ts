/**
 * Keeps the house in order: who may import whom, and what a file may be called and how long it may grow.
 *
 *     node scripts/dist/check-imports.js [root]
 *
 * Reads every `.ts` file of packages, templates and scripts as text. Fails with one line for each violation.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';

/** The floors of core: a file imports its own floor or a lower one. */
const FLOORS: { readonly [fileOrFolder: string]: number } = {
  'errors.ts': 0,
  protocol: 0,
  output: 1,
  schema: 1,
  concurrency: 1,
  http: 2,
  auth: 2,
  parse: 3,
  paginate: 3,
  connection: 4,
  stream: 4,
  source: 5,
  destination: 5,
  entrypoint: 6,
  'index.ts': 7,
};

/** Folders of core that share a floor but not their code. */
const STRANGERS: readonly string[] = ['source', 'destination'];

/** Which packages of this repository each part of it may import. */
const DIRECTIONS: { readonly [part: string]: readonly string[] } = {
  'packages/core': [],
  'packages/manifest': ['@headwater/core'],
  'packages/destinations': ['@headwater/core'],
  'packages/testing': ['@headwater/core'],
  'packages/cli': ['@headwater/core', '@headwater/manifest', '@headwater/testing'],
  templates: ['@headwater/core', '@headwater/testing'],
  scripts: ['@headwater/core', '@headwater/testing'],
};

const OURS = /^(@headwater\/[^/]+|headwater)(\/.+)?$/;
const DRAWERS = new Set(['common', 'util', 'utils', 'helper', 'helpers', 'misc']);
const MAX_LINES = 400;
const GENERATED = new Set(['packages/core/src/protocol/types.ts', 'packages/core/src/protocol/input-schemas.ts']);

interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  /** `packages/<name>`, `templates/<name>` or `scripts`. */
  readonly home: string;
  readonly lines: number;
  readonly imports: readonly string[];
}

type Report = (file: SourceFile, rule: string, problem: string) => void;

const sorted = (names: readonly string[]): string[] => names.toSorted((a, b) => (a < b ? -1 : 1));

const namesIn = async (folder: string): Promise<string[]> => sorted(await readdir(folder).catch(() => []));

// Code is formatted, so a statement begins in the first column; one quoted in a comment or an indented text does not.
const STATEMENT = /^(?:import|export)\s+(?:type\s+)?(?:[\w$*{},\s]+?\s+from\s+)?['"]([^'"]+)['"]/gm;
const COMMENT_LINE = /^\s*(?:\*|\/\*|\/\/).*$/gm;
const DYNAMIC = /\bimport\(\s*(['"`])([^'"`$]+)\1\s*\)/g;

const importsIn = (text: string): string[] => [
  ...[...text.matchAll(STATEMENT)].map((match) => match[1] ?? ''),
  ...[...text.replaceAll(COMMENT_LINE, '').matchAll(DYNAMIC)].map((match) => match[2] ?? ''),
];

const readSources = async (root: string): Promise<SourceFile[]> => {
  const homes: [home: string, folder: string][] = [['scripts', 'scripts']];
  for (const group of ['packages', 'templates'])
    for (const name of await namesIn(join(root, group))) homes.push([`${group}/${name}`, `${group}/${name}/src`]);
  const files: SourceFile[] = [];
  for (const [home, folder] of homes) {
    const entries = await readdir(join(root, folder), { recursive: true }).catch(() => []);
    for (const entry of sorted(entries)) {
      const path = `${folder}/${entry.split(sep).join('/')}`;
      if (!path.endsWith('.ts') || /\/(?:dist|node_modules)\//.test(path)) continue;
      const text = await readFile(join(root, path), 'utf8');
      files.push({ path, home, lines: text.replace(/\n$/, '').split('\n').length, imports: importsIn(text) });
    }
  }
  return files;
};

const isObject = (value: unknown): value is { [key: string]: unknown } => typeof value === 'object' && value !== null;

/** The declared ways into each package: its name, and its name with a subpath. */
const readEntrances = async (root: string): Promise<Set<string>> => {
  const entrances = new Set<string>();
  for (const folder of await namesIn(join(root, 'packages'))) {
    const file = join(root, 'packages', folder, 'package.json');
    const json: unknown = JSON.parse(await readFile(file, 'utf8').catch(() => '{}'));
    if (!isObject(json) || typeof json['name'] !== 'string') continue;
    const ways = isObject(json['exports']) ? Object.keys(json['exports']).filter((key) => key.startsWith('.')) : [];
    for (const way of ways.length > 0 ? ways : ['.']) entrances.add(posix.join(json['name'], way));
  }
  return entrances;
};

/** The file a relative import leads to, from the root. */
const target = (file: SourceFile, specifier: string): string => posix.join(posix.dirname(file.path), specifier);

/** The file or folder of the floor table that a path of core belongs to. */
const place = (path: string): string => path.split('/')[3] ?? '';

const checkFloor = (file: SourceFile, specifier: string, report: Report): void => {
  const [from, to] = [place(file.path), place(target(file, specifier))];
  const [own, other] = [FLOORS[from], FLOORS[to]];
  if (own !== undefined && other !== undefined && other > own)
    report(file, 'floor', `imports "${specifier}", but ${from} is on floor ${own} and ${to} on floor ${other}`);
  if (STRANGERS.includes(from) && STRANGERS.includes(to) && from !== to)
    report(file, 'strangers', `imports "${specifier}", but ${from} and ${to} do not import each other`);
};

const checkImport = (file: SourceFile, specifier: string, entrances: Set<string>, report: Report): void => {
  if (specifier.startsWith('.')) {
    const path = target(file, specifier);
    if (!path.startsWith(`${file.home}/`))
      return report(
        file,
        'border',
        `imports "${specifier}", which is outside ${file.home}: import a package by its name`,
      );
    if (posix.basename(path) === 'index.ts')
      return report(file, 'index', `imports "${specifier}": import the file that has the name`);
    if (file.home === 'packages/core') checkFloor(file, specifier, report);
    return;
  }
  const [, name] = OURS.exec(specifier) ?? [];
  if (name === undefined) return;
  const allowed = DIRECTIONS[file.home] ?? DIRECTIONS[posix.dirname(file.home)] ?? [];
  if (!allowed.includes(name)) {
    const known = allowed.length > 0 ? allowed.join(' and ') : 'no other package';
    report(file, 'direction', `imports "${specifier}", but ${file.home} imports ${known}`);
  } else if (!entrances.has(specifier)) {
    report(file, 'border', `imports "${specifier}", which ${name} does not export`);
  }
};

const checkFile = (file: SourceFile, report: Report): void => {
  const parts = file.path.replace(/\.ts$/, '').split('/');
  const drawer = parts.find((part) => DRAWERS.has(part)) ?? (file.home === 'packages/types' ? 'types' : undefined);
  if (drawer !== undefined) report(file, 'name', `"${drawer}" says nothing about what is inside`);
  if (file.lines > MAX_LINES && !GENERATED.has(file.path))
    report(file, 'length', `${file.lines} lines, the limit is ${MAX_LINES}`);
  if (file.home === 'packages/core' && !(place(file.path) in FLOORS))
    report(file, 'floor', `"${place(file.path)}" is not in the floor table`);
  if (!(file.home in DIRECTIONS) && !(posix.dirname(file.home) in DIRECTIONS))
    report(file, 'direction', `${file.home} is not in the direction table`);
};

/** Reports one way round for each import that closes a cycle. */
const checkCycles = (files: readonly SourceFile[], report: Report): void => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<SourceFile>();
  const visit = (file: SourceFile, way: readonly SourceFile[]): void => {
    const start = way.indexOf(file);
    const last = way.at(-1);
    if (start >= 0 && last !== undefined) {
      const circle = [...way.slice(start), file].map(({ path }) => path).join(' -> ');
      report(last, 'cycle', `imports "${file.path}": ${circle}`);
    }
    if (start >= 0 || done.has(file)) return;
    for (const specifier of file.imports) {
      const next = specifier.startsWith('.') ? byPath.get(target(file, specifier)) : undefined;
      if (next !== undefined) visit(next, [...way, file]);
    }
    done.add(file);
  };
  for (const file of files) visit(file, []);
};

const run = async (root: string): Promise<void> => {
  const files = await readSources(root);
  const entrances = await readEntrances(root);
  const violations: string[] = [];
  const report: Report = (file, rule, problem) => violations.push(`${file.path}: ${rule}: ${problem}.`);
  for (const file of files) {
    checkFile(file, report);
    for (const specifier of file.imports) checkImport(file, specifier, entrances, report);
  }
  checkCycles(files, report);
  if (files.length === 0) violations.push(`${root}: no source file found.`);
  const imports = files.reduce((sum, file) => sum + file.imports.length, 0);
  const homes = new Set(files.map(({ home }) => home)).size;
  if (violations.length === 0) {
    process.stdout.write(`check-imports: files ${files.length}, imports ${imports}, parts ${homes}, violations 0.\n`);
  } else {
    process.stderr.write(`${violations.join('\n')}\n`);
    process.exitCode = 1;
  }
};

await run(process.argv[2] ?? '.');
