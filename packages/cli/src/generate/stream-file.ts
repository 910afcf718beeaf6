import type { StreamPlan } from '../plan/plan.ts';
import type { ConfigFields } from './config-fields.ts';
import { schemaName, type StreamNames } from './names.ts';
import { paginatorCall } from './paginator.ts';
import { pathPieces, sliceName, type ParentLink } from './parents.ts';
import { cursorLines, cursorOf, startOf } from './since.ts';
import { commentText, literal, member, templateText } from './text.ts';

/** What the code of one stream is made with. */
export interface StreamSetting {
  readonly names: ReadonlyMap<string, StreamNames>;
  readonly links: ReadonlyMap<string, ParentLink>;
  readonly fields: ConfigFields;
  /** The call of the paginator in `src/api.ts`, if there is one. */
  readonly shared: string | undefined;
}

/** The code of `src/streams/<file>.ts`. */
export const streamFile = (names: StreamNames, setting: StreamSetting): string => {
  const { plan, className, recordType } = names;
  const link = setting.links.get(plan.name);
  const parent = link && setting.names.get(link.stream);
  const body = [
    ...fieldLines(names, setting),
    ...(link && parent ? parentLines(link, parent) : []),
    pathMethod(plan, setting),
    ...paramsMethod(plan, setting.fields),
  ].join('\n');
  const base = link ? 'ApiSubStream' : 'ApiStream';
  const kit = kitImport(body, plan, setting);
  const shares = /\bpaginator = pages;/.test(body);
  return `
${kit}
import { ${base}${shares ? ', pages' : ''} } from '../api.ts';
import type { ${/\bConfig\b/.test(body) ? 'Config, ' : ''}${recordType} } from '../record-types.ts';
${parent ? `import type { ${parent.className} } from './${parent.file}.ts';` : ''}

${commentOf(plan)}
export class ${className} extends ${base}<${recordType}> {
${body}
}
`;
};

/** The parent of a child stream; undefined for any other. */
export const parentOf = (
  { plan }: Pick<StreamNames, 'plan'>,
  { names, links }: Pick<StreamSetting, 'names' | 'links'>,
): StreamNames | undefined => {
  const link = links.get(plan.name);
  return link && names.get(link.stream);
};

/** The code of `src/streams.ts`: all streams, each parent before its children. */
export const streamsFile = ({ names, links }: Pick<StreamSetting, 'names' | 'links'>): string => {
  const all = [...names.values()];
  const parents = new Set([...links.values()].map(({ stream }) => stream));
  const made: string[] = [];
  const make = (stream: StreamNames): void => {
    const parent = parentOf(stream, { names, links });
    if (made.includes(stream.plan.name)) return;
    if (parent) make(parent);
    made.push(stream.plan.name);
  };
  all.forEach(make);
  const call = (stream: StreamNames): string => {
    const parent = parentOf(stream, { names, links });
    return `new ${stream.className}({ config${parent ? `, ${parent.variable}` : ''} })`;
  };
  const lines = made.flatMap((name) => {
    const stream = names.get(name);
    return stream && parents.has(name) ? [`const ${stream.variable} = ${call(stream)};`] : [];
  });
  const items = made.flatMap((name) => {
    const stream = names.get(name);
    return stream ? [parents.has(name) ? stream.variable : call(stream)] : [];
  });
  return `
import type { Stream } from '@headwater/core';
import type { Config } from './record-types.ts';
${all.map(({ className, file }) => `import { ${className} } from './streams/${file}.ts';`).join('\n')}

/** All streams. A parent is made once, and what the API says of it is shared by its children. */
export const streamsOf = (config: Config): readonly Stream[] => {
${lines.join('\n')}
return [${items.join(', ')}];
};
`;
};

const commentOf = ({ description, path }: StreamPlan): string =>
  `/** ${commentText(description ?? '') || `What the API has at ${commentText(path)}.`} */`;

const fieldLines = ({ plan, name, className }: StreamNames, { shared }: StreamSetting): string[] => {
  const call = paginatorCall(plan.pagination);
  const { primaryKey } = plan;
  return [
    ...(schemaName(className) === name ? [] : [`override readonly name = ${literal(name)};`]),
    ...(primaryKey === undefined ? [] : [`override readonly primaryKey = ${literal(primaryKey)};`]),
    ...cursorLines(plan),
    `override readonly recordsPath = ${literal(plan.recordsPath)};`,
    ...(call === undefined ? [] : [`override readonly paginator = ${call === shared ? 'pages' : call};`]),
  ];
};

const parentLines = ({ fields }: ParentLink, parent: StreamNames): string[] => {
  const [[key = '', as = ''] = [], ...others] = fields;
  const extra = others.map(([field]) => field);
  const option = parent.variable;
  return [
    `override readonly parent: Parent;

constructor({ ${option}, ...options }: HttpStreamOptions<Config> & { readonly ${option}: ${parent.className} }) {
  super(options);
  this.parent = { stream: ${option}, key: ${literal(key)}, as: ${literal(as)}${extra.length > 0 ? `, extraFields: ${literal(extra)}` : ''} };
}
`,
    ...(others.length === 0
      ? []
      : [
          `/** Puts more of the parent's record into the slice than its key. */
override async *slices(context: StreamContext<Config>) {
  for await (const each of super.slices(context)) {
    yield each.with({ ${others.map(([field, name]) => `${literal(name)}: each.parent[${literal(field)}] ?? null`).join(', ')} });
  }
}
`,
        ]),
  ];
};

const pathMethod = (plan: StreamPlan, { links, fields }: StreamSetting): string => {
  const used = { slice: false, config: false };
  const pieces = pathPieces(plan.path).map((piece, at) => {
    if (at % 2 === 0) return templateText(piece);
    const value = plan.pathParams[piece];
    if (value?.from !== 'config') {
      used.slice = true;
      const name = value === undefined ? '' : sliceName(links, plan.name, value);
      return `\${encodeURIComponent(String(slice[${literal(name)}]))}`;
    }
    used.config = true;
    return `\${encodeURIComponent(String(config${member(fields.own.get(value.field) ?? '')}))}`;
  });
  const context = [...(used.slice ? ['slice'] : []), ...(used.config ? ['config'] : [])];
  const parameter =
    context.length === 0 ? '' : `{ ${context.join(', ')} }: PageContext${used.config ? '<Config>' : ''}`;
  const text = pieces.join('');
  const isPlain = context.length === 0;
  return `\npath(${parameter}) {\n  return ${isPlain ? literal(pathPieces(plan.path).join('')) : `\`${text}\``};\n}`;
};

const FROM_START = {
  'date-time': (start: string) => start,
  date: (start: string) => `${start}.slice(0, 10)`,
  seconds: (start: string) => `Math.floor(Date.parse(${start}) / 1000)`,
  milliseconds: (start: string) => `Date.parse(${start})`,
} as const;

const paramsMethod = (plan: StreamPlan, { startDate }: ConfigFields): string[] => {
  const { query, sinceParam } = plan;
  const cursorField = cursorOf(plan);
  const fixed = Object.entries(query).filter(([name]) => name !== sinceParam);
  const start = startDate === undefined ? undefined : startOf(plan);
  const lines = [];
  if (fixed.length > 0) lines.push(literal(Object.fromEntries(fixed)).slice(1, -1));
  if (cursorField !== undefined && sinceParam !== undefined) {
    const first = start && startDate !== undefined ? ` ?? ${FROM_START[start](`config${member(startDate)}`)}` : '';
    lines.push(
      `${sinceParam === '__proto__' ? '["__proto__"]' : literal(sinceParam)}: state[${literal(cursorField)}]${first}`,
    );
  }
  if (lines.length === 0) return [];
  const hasSince = cursorField !== undefined && sinceParam !== undefined;
  const context = hasSince ? `{ state${start ? ', config' : ''} }: PageContext${start ? '<Config>' : ''}` : '';
  return [`\noverride requestParams(${context}) {\n  return { ${lines.join(', ')} };\n}`];
};

/** The import of what the code of a stream needs of the kit. */
const kitImport = (body: string, plan: StreamPlan, { links }: StreamSetting): string => {
  const types = [
    ...(links.has(plan.name) ? ['HttpStreamOptions', 'Parent'] : []),
    ...(/: PageContext\b/.test(body) ? ['PageContext'] : []),
    ...(/: StreamContext\b/.test(body) ? ['StreamContext'] : []),
  ].toSorted();
  const called = ['dateTimeCursor', 'counterCursor', plan.pagination.kind];
  const values = called.filter((name) => new RegExp(`^override readonly \\w+ = ${name}\\(`, 'm').test(body));
  if (values.length > 0) {
    return `import { ${[...values, ...types.map((type) => `type ${type}`)].join(', ')} } from '@headwater/core';`;
  }
  return types.length > 0 ? `import type { ${types.join(', ')} } from '@headwater/core';` : '';
};
