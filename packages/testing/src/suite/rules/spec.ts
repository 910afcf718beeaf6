import { isObject, short, type ExactObject } from '../exact-json.ts';
import { isFixed, looksLikeCredential } from '../credentials.ts';
import { compileJsonSchema, partsOf, propertiesOf } from '../json-schema.ts';
import { ending } from '../observed-run.ts';
import { NotApplicable, type Rule } from '../rule.ts';
import type { SourceRuns } from '../source-runs.ts';

/** What the rules of source and destination have in common: both have a spec. */
type SpecRuns = Pick<SourceRuns, 'spec' | 'configSchema'>;

export const specRules: readonly Rule<SpecRuns>[] = [
  {
    id: 'spec-valid',
    title: 'spec prints one SPEC whose JSON Schema makes sense',
    async check({ spec }, report) {
      const run = await spec();
      const specs = run.messages.flatMap((message) => (isObject(message['spec']) ? [message['spec']] : []));
      if (run.exitCode !== 0 || specs.length !== 1) {
        report.fail(
          `spec printed ${specs.length} SPEC messages and ${ending(run)}.`,
          'Print exactly one SPEC message for the command "spec", without a config, and end with exit code 0.',
        );
      }
      const schema = specs[0]?.['connectionSpecification'];
      if (specs.length === 0) return;
      if (!isObject(schema)) {
        report.fail(
          `spec.connectionSpecification is ${short(schema ?? null)}.`,
          'Put the JSON Schema of the config, an object, into connectionSpecification.',
        );
        return;
      }
      const { problem } = await compileJsonSchema(schema);
      if (problem !== undefined) {
        report.fail(
          `connectionSpecification is no valid JSON Schema: ${short(problem, 300)}.`,
          'Correct the keyword or the reference that the message names.',
        );
      }
      if (schema['type'] !== 'object') {
        report.fail(
          `connectionSpecification.type is ${short(schema['type'] ?? null)}.`,
          'Set it to "object": a config is one.',
        );
      }
      for (const { path, schema: property } of propertiesOf(schema)) {
        if (partsOf(schema, property).some((part) => 'type' in part || isFixed(part))) continue;
        report.warn(
          `The config field ${path.join('.')} has no type.`,
          'Give it a "type", so that a form can show it and a wrong value is refused.',
        );
      }
      for (const name of requiredButUnknown(schema)) {
        report.fail(
          `The config field ${name} is required, and not among the properties.`,
          'Declare it under "properties", or take it off the list "required".',
        );
      }
    },
  },
  {
    id: 'spec-secrets-marked',
    title: 'every credential in the spec is marked with airbyte_secret',
    async check({ configSchema }, report) {
      const schema = await configSchema();
      if (schema === undefined) throw new NotApplicable('There is no spec to look at.');
      const seen = new Set<string>();
      for (const { path, schema: property } of propertiesOf(schema)) {
        const place = path.join('.');
        const parts = partsOf(schema, property);
        const isText = parts.some(({ type }) => type === undefined || [type].flat().includes('string'));
        const fixed = parts.some(isFixed) || parts.some(({ properties }) => isObject(properties));
        if (!isText || fixed || seen.has(place) || !looksLikeCredential(path.at(-1) ?? '')) continue;
        seen.add(place);
        if (parts.some((part) => part['airbyte_secret'] === true)) continue;
        report.fail(
          `The config field ${place} looks like a credential and has no "airbyte_secret": true.`,
          'Mark it with "airbyte_secret": true, so that it is stored encrypted and never shown.',
        );
      }
    },
  },
];

const requiredButUnknown = (schema: ExactObject): string[] => {
  const parts = partsOf(schema, schema);
  const known = new Set(parts.flatMap(({ properties }) => (isObject(properties) ? Object.keys(properties) : [])));
  const required = parts.flatMap(({ required: names }) => (Array.isArray(names) ? names.map(String) : []));
  return [...new Set(required)].filter((name) => !known.has(name));
};
