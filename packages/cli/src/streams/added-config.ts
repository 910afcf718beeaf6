import { CommandError } from '../command-error.ts';
import { configFields, type ConfigFields } from '../generate/config-fields.ts';
import { takeName } from '../generate/names.ts';
import { pathPieces } from '../generate/parents.ts';
import { startOf } from '../generate/since.ts';
import { member } from '../generate/text.ts';
import type { ConfigField, ConnectorPlan, Guess, StreamPlan } from '../plan/plan.ts';
import { fieldsOf, requiredOf, type Connector } from './connector.ts';

/** What the config of a connector gives to new streams. */
export interface AddedConfig {
  /** The names that the code of the new streams uses. */
  readonly fields: ConfigFields;
  /** Those of them that the connector's config does not have yet. */
  readonly missing: readonly ConfigField[];
  readonly guesses: readonly Guess[];
}

/** Finds the fields that new streams need in the connector's config, or names for those that are not there. */
export const addedConfig = (plan: ConnectorPlan, added: readonly StreamPlan[], connector: Connector): AddedConfig => {
  const whole = configFields({ ...plan, auth: { kind: 'none' } });
  const present = fieldsOf(connector);
  const taken = new Set(Object.keys(present).map((name) => name.toLowerCase()));
  const own = new Map(whole.own);
  const missing: ConfigField[] = [];
  const guesses: Guess[] = [];

  for (const name of new Set(added.flatMap(fieldsInPath))) {
    const wanted = whole.own.get(name) ?? name;
    const field = whole.all.find((each) => each.name === wanted);
    if (!field) throw new CommandError(`A path needs the config field "${name}", of which nothing is known.`);
    const isThere = Object.hasOwn(present, wanted);
    if (isThere && !isForOtherThings(wanted, connector)) {
      guesses.push(...doubts(wanted, connector));
      continue;
    }
    const free = takeName(taken, isThere ? `path_${wanted}` : wanted, '_');
    own.set(name, free);
    missing.push({ ...field, name: free });
  }

  const since = added.filter((stream) => startOf(stream) !== undefined);
  const start = since.length === 0 ? undefined : startDateIn(whole, connector);
  if (typeof start === 'object') missing.push(start);
  if (since.length > 0 && start === undefined) {
    guesses.push({
      about: 'start date',
      decided: `not used in ${since.map(({ name }) => name).join(', ')}`,
      because: `The field "${whole.startDate}" of the config is no date-time that is always there: a first sync reads everything.`,
    });
  }
  return {
    fields: { ...whole, own, startDate: typeof start === 'object' ? start.name : start },
    missing,
    guesses,
  };
};

const fieldsInPath = ({ path, pathParams }: StreamPlan): readonly string[] =>
  pathPieces(path).flatMap((piece, at) => {
    const value = at % 2 === 0 ? undefined : pathParams[piece];
    return value?.from === 'config' ? [value.field] : [];
  });

/** A secret is no part of a path, nor is what signs the requests. */
const isForOtherThings = (name: string, connector: Connector): boolean => {
  const isUsed = connector.api
    .split(`config${member(name)}`)
    .slice(1)
    .some((after) => !/^\w/.test(after));
  return isUsed || fieldsOf(connector)[name]?.['airbyte_secret'] === true;
};

const doubts = (name: string, connector: Connector): readonly Guess[] => {
  const isOptional = !requiredOf(connector).includes(name) && fieldsOf(connector)[name]?.['default'] === undefined;
  const because = `The config has a field of this name, which is taken for the same.`;
  return [
    {
      about: 'config',
      decided: name,
      because: isOptional ? `${because} It need not be there, but no path can be made without it.` : because,
    },
  ];
};

/** The name of the start date that is there, the field that is to be added, or undefined where neither will do. */
const startDateIn = ({ startDate, all }: ConfigFields, connector: Connector): ConfigField | string | undefined => {
  const fields = fieldsOf(connector);
  if (startDate === undefined) return undefined;
  if (!Object.hasOwn(fields, startDate)) return all.find(({ name }) => name === startDate);
  const { type, format, default: preset } = fields[startDate] ?? {};
  const isThere = preset !== undefined || requiredOf(connector).includes(startDate);
  return type === 'string' && format === 'date-time' && isThere ? startDate : undefined;
};
