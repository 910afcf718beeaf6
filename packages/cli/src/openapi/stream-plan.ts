import type { Guess, StreamPlan } from '../plan/plan.ts';
import type { BaseUrl } from './base-url.ts';
import type { Candidate } from './candidates.ts';
import { cursorOf } from './cursor-field.ts';
import type { Description } from './description.ts';
import { exampleRecords } from './examples.ts';
import { paginationOf } from './pagination.ts';
import type { PathValues } from './path-values.ts';
import { primaryKeyOf } from './record-keys.ts';
import { recordSchema } from './record-schema.ts';
import { firstSentence, snake } from '../plan/words.ts';

export interface StreamSetting {
  readonly valuesOf: (candidate: Candidate) => PathValues;
  readonly taken: readonly Candidate[];
  readonly base: BaseUrl;
  /** Whether some operation of the API is said to have a `Link` header. */
  readonly linked: boolean;
}

/** All that is known of one stream. */
export const streamPlan = async (
  description: Description,
  candidate: Candidate,
  { valuesOf, taken, base, linked }: StreamSetting,
): Promise<StreamPlan> => {
  const { name, operation, list, query, resource, detail } = candidate;
  const { values, guesses } = valuesOf(candidate);
  const key = primaryKeyOf(description, list.record, resource, detail);
  const cursor = cursorOf(description, operation.params, list.record);
  const pages = paginationOf(description, operation, list, linked);
  const keys = [key?.key ?? []].flat();
  const { cursorField, sinceParam } = cursor;
  const required = [...new Set([...keys, ...(cursorField === undefined ? [] : [cursorField])])];
  const schema = recordSchema(description, list.record, required);
  const asked = taken.flatMap((each) =>
    Object.values(valuesOf(each).values).flatMap((value) =>
      value.from === 'parent' && value.stream === name ? [value.field] : [],
    ),
  );
  const text = firstSentence(operation.summary);
  // The paginator sends these itself.
  const sent = Object.values(pages.plan.kind === 'none' ? {} : pages.plan.options);
  const fixed = Object.fromEntries(
    Object.entries(query.values).filter(([param]) => !sent.includes(param) && param !== sinceParam),
  );
  return {
    name,
    ...(text !== undefined && { description: text }),
    path: base.pathPrefix + operation.path,
    pathParams: {
      ...Object.fromEntries(
        base.config.map((field) => [
          prefixParam(base.pathPrefix, field.name),
          { from: 'config', field: field.name } as const,
        ]),
      ),
      ...values,
    },
    query: { ...fixed, ...pages.query },
    recordsPath: list.recordsPath,
    ...(key && { primaryKey: key.key }),
    ...(cursorField !== undefined && { cursorField }),
    ...(sinceParam !== undefined && { sinceParam }),
    pagination: pages.plan,
    schema: schema.schema,
    examples: await exampleRecords(schema, { distinct: [...keys, ...asked], cursorField }),
    guesses: [
      { about: 'records', decided: list.recordsPath, because: list.because },
      ...guesses,
      {
        about: 'primary key',
        decided: keys.join(' and ') || 'none',
        because: key?.because ?? 'No field of the records speaks for being unique.',
      },
      { about: 'cursor field', decided: cursorField ?? 'none', because: cursor.because },
      { about: 'pagination', decided: callOf(pages.plan), because: pages.because },
      ...query.guesses,
      ...cutGuess(schema.cutAt),
    ],
  };
};

const prefixParam = (prefix: string, field: string): string =>
  [...prefix.matchAll(/\{([^{}]+)\}/g)]
    .map(([, name = '']) => name)
    .find((name) => (snake(name) || 'server') === field) ?? field;

const callOf = (plan: StreamPlan['pagination']): string => {
  if (plan.kind === 'none') return 'none';
  const options = Object.entries(plan.options).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `${plan.kind}(${options.length > 0 ? `{ ${options.join(', ')} }` : ''})`;
};

const cutGuess = (cutAt: number | undefined): readonly Guess[] =>
  cutAt === undefined
    ? []
    : [
        {
          about: 'schema',
          decided: `objects are open from level ${cutAt} on`,
          because: 'The description goes deeper, or in circles.',
        },
      ];
