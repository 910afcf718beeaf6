import { formatted } from '../generate/format.ts';
import { setInJson } from '../oauth/json-edit.ts';
import type { ConfigField } from '../plan/plan.ts';
import { fieldsOf, requiredOf, type Connector } from './connector.ts';

/** The text of `spec.json` with more fields in the config's form, after those that are there. */
export const withFields = (text: string, missing: readonly ConfigField[], connector: Connector): string => {
  const orders = Object.values(fieldsOf(connector)).map(({ order }) => (typeof order === 'number' ? order : -1));
  const first = Math.max(-1, ...orders) + 1;
  const place = 'connectionSpecification';
  let changed = text;
  for (const [at, { name, schema }] of missing.entries()) {
    changed = setInJson(changed, [place, 'properties', name], { ...schema, order: first + at });
  }
  const required = missing.filter((field) => field.required).map(({ name }) => name);
  if (required.length === 0) return changed;
  return setInJson(changed, [place, 'required'], [...requiredOf(connector), ...required]);
};

/** The text of a config with examples of the fields that have to be there. */
export const withExamples = (text: string, missing: readonly ConfigField[]): string =>
  missing
    .filter(({ required }) => required)
    .reduce((changed, { name, example }) => setInJson(changed, [name], example), text);

const TEST_CONFIG = /^const configOf = \(url: string\): Config => \(\{/m;

/** The text of `test/streams.test.ts` with the new fields in its config; undefined where that was written anew. */
export const withTestConfig = (text: string, missing: readonly ConfigField[]): string | undefined => {
  if (!TEST_CONFIG.test(text)) return undefined;
  const members = missing.map((field) => `${JSON.stringify(field.name)}: ${JSON.stringify(valueOf(field))}, `);
  return text.replace(TEST_CONFIG, (start) => `${start} ${members.join('')}`);
};

const valueOf = ({ schema, required, example }: ConfigField): unknown =>
  required ? example : (schema['default'] ?? example);

/** The changed text, formatted as the kit formats where the text before was. */
export const inForm = async (path: string, before: string, after: string): Promise<string> => {
  const isInForm = (await formatted(path, before).catch(() => undefined)) === before;
  return isInForm ? formatted(path, after) : after;
};
