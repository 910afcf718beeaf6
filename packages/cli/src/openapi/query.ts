import type { Guess } from '../plan/plan.ts';
import { textOf, type Description } from './description.ts';
import { flatten } from './flat-schema.ts';
import type { Param } from './operations.ts';
import { plain } from '../plan/words.ts';

/** What is sent with every request beside the pages. */
export interface FixedQuery {
  readonly values: Readonly<Record<string, string | number | boolean>>;
  readonly guesses: readonly Guess[];
  /** The required parameters that the description gives no value for. */
  readonly missing: readonly string[];
}

const STATE = /^(state|status)$/;

/** Values for the parameters that have to be there, and for a filter that would hide records by default. */
export const fixedQuery = (description: Description, params: readonly Param[]): FixedQuery => {
  const values: Record<string, string | number | boolean> = {};
  const guesses: Guess[] = [];
  const missing: string[] = [];
  for (const param of params.filter((each) => each.in === 'query')) {
    const { name, schema, required, example } = param;
    const { enum: allowed = [], types, items } = flatten(description, schema);
    const usual = schema['default'];
    if (STATE.test(plain(name)) && allowed.includes('all') && typeof usual === 'string' && usual !== 'all') {
      values[name] = 'all';
      guesses.push({
        about: 'query',
        decided: `${name}=all`,
        because: `By default the API gives those that are "${textOf(usual)}" only.`,
      });
    } else if (required) {
      const each = flatten(description, ...items);
      const value = example ?? allowed[0] ?? each.enum?.[0] ?? each.example;
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
        values[name] = value;
        guesses.push({
          about: 'query',
          decided: `${name}=${value}`,
          because: 'The parameter is required; the value is the first that the description gives. Check it.',
        });
      } else {
        values[name] = types.has('integer') || types.has('number') ? 1 : types.has('boolean') ? true : 'example';
        guesses.push({
          about: 'query',
          decided: `${name}=${values[name]}`,
          because: 'The parameter is required, and the description gives no value. Put the right one into the code.',
        });
        missing.push(name);
      }
    }
  }
  for (const { name, in: place } of params.filter((each) => each.in === 'header' && each.required)) {
    if (/^(authorization|accept|content-type)$/i.test(name)) continue;
    guesses.push({
      about: place,
      decided: `${name} is not sent`,
      because: 'The header is required: add it in requestHeaders.',
    });
  }
  return { values, guesses, missing };
};
