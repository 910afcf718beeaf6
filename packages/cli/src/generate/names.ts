import type { ConnectorPlan, StreamPlan } from '../plan/plan.ts';
import { snake } from '../plan/words.ts';
import { typeName } from '../types/type-name.ts';

/** What a stream is called in each place. No two streams share any of them. */
export interface StreamNames {
  readonly plan: StreamPlan;
  /** In the catalog: `item_notes`. */
  readonly name: string;
  /** `ItemNotes`. */
  readonly className: string;
  /** The type of its records: `ItemNote`. */
  readonly recordType: string;
  /** An object of the class: `itemNotes`. */
  readonly variable: string;
  /** The name of the schema's file, without its end: what the kit makes of the class: `item_notes`. */
  readonly schema: string;
  /** The name of the code's file, without its end: `item-notes`. */
  readonly file: string;
}

/** What is taken already: by the language, by what the files import, and by file systems. */
const TAKEN =
  'Array BigInt Boolean Config Date Error Function HttpStream HttpSubStream Infinity Intl Iterator JSON Map Math NaN ' +
  'Number Object Parent Promise Proxy RangeError Record Reflect RegExp Set Source Stream String Symbol TypeError URL ' +
  'ApiStream ApiSubStream ApiSource HttpStreamOptions PageContext StreamContext WeakMap Partial Readonly Pick Omit ' +
  'Required Exclude Extract NonNullable Awaited JsonObject Paginator Buffer Headers Request Response Event ' +
  'Con Aux Nul Prn Com1 Com2 Com3 Com4 Com5 Com6 Com7 Com8 Com9 Lpt1 Lpt2 Lpt3 Lpt4 Lpt5 Lpt6 Lpt7 Lpt8 Lpt9';

const TAKEN_VARIABLES = new Set(
  (
    'arguments await break case catch class config const context continue debugger default delete do else enum eval ' +
    'export extends false finally for function http if implements import in instanceof interface let new null options ' +
    'package parent private protected public return slice state static streamsOf super switch this throw true try ' +
    'typeof undefined var void while with yield'
  ).split(' '),
);

const LONGEST = 60;

/** Letters and digits of the Latin alphabet in lower snake case; empty when there are none. */
export const snakeName = (text: string): string => snake(text).slice(0, LONGEST).replace(/_$/, '');

/** The first of `wanted`, `wanted2`, `wanted3` and so on that is free, which it takes. */
export const takeName = (taken: Set<string>, wanted: string, separator = ''): string => {
  let name = wanted;
  for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${wanted}${separator}${count}`;
  taken.add(name.toLowerCase());
  return name;
};

/** The names of all streams of a plan, by the name that the plan has for a stream. */
export const streamNames = ({ streams }: Pick<ConnectorPlan, 'streams'>): ReadonlyMap<string, StreamNames> => {
  const names = new Set<string>();
  const files = new Set<string>();
  const types = new Set(TAKEN.toLowerCase().split(' '));
  const classes = streams.map((plan) => {
    const name = takeName(names, snakeName(plan.name) || 'records', '_');
    const wanted = typeName(name) || 'Records';
    const free = types.has(wanted.toLowerCase()) ? `${wanted}Stream` : wanted;
    let className = takeName(types, free);
    // `A1` and `A_1` would have one file.
    while (files.has(schemaName(className))) className = takeName(types, `${free}X`);
    files.add(schemaName(className));
    return { plan, name, className };
  });
  return new Map(
    classes.map(({ plan, name, className }) => {
      const one = singular(className);
      const recordType = takeName(types, types.has(one.toLowerCase()) ? `${className}Record` : one);
      const schema = schemaName(className);
      const variable = `${className.charAt(0).toLowerCase()}${className.slice(1)}`;
      return [
        plan.name,
        {
          plan,
          name,
          className,
          recordType,
          variable: TAKEN_VARIABLES.has(variable) ? `${variable}Stream` : variable,
          schema,
          file: schema.replaceAll('_', '-'),
        },
      ];
    }),
  );
};

/** As the kit does: the file in `schemas/` that belongs to a class. */
export const schemaName = (className: string): string =>
  className
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();

const singular = (name: string): string => {
  if (/[^aeiou]ies$/i.test(name)) return name.replace(/ies$/i, 'y');
  if (/(ss|x|ch|sh)es$/i.test(name)) return name.slice(0, -2);
  return /[^su]s$/i.test(name) ? name.slice(0, -1) : name;
};
