import { isObject, type ExactObject } from './exact-json.ts';
import { schemasAt } from './json-schema.ts';

const CREDENTIAL =
  /(?:pass(?:word|wd|phrase|code)|secret|token|api_?key|private_?key|access_?key|auth_?key|account_?key|shared_?key|signing_?key|encryption_?key|service_?account(?:_?info|_?json|_?key)|credentials_?json|bearer|jwt)/i;
/** Names that hold such a word and say something about the credential, or have nothing to do with one. */
const ABOUT =
  /(?:_|\b)(?:url|uri|endpoint|host|path|type|kind|name|header|field|id|ids|expir\w*|date|at|seconds|ttl|lifetime|count|limit|size|scopes?|prefix|method|placement|location|algorithm)$|^(?:has|is|use|page|next|max|min|include|num)_|public_?key|tokens_(?:per|used)/i;

/** Whether a name of a config field says that its value is to be kept secret. */
export const looksLikeCredential = (name: string): boolean => {
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1_$2').replaceAll('-', '_');
  return CREDENTIAL.test(words) && !ABOUT.test(words);
};

/** One secret of a config. */
export interface Secret {
  readonly path: readonly string[];
  readonly value: string;
}

/** The values that the spec marks with `airbyte_secret`, and those whose name looks like a credential. */
export const secretsIn = (spec: ExactObject | undefined, config: unknown): Secret[] => {
  const found: Secret[] = [];
  const visit = (value: unknown, path: readonly string[], within: boolean): void => {
    const schemas = spec === undefined || within ? [] : schemasAt(spec, path);
    const secret = within || schemas.some((schema) => schema['airbyte_secret'] === true);
    if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) visit(member, [...path, key], secret);
      return;
    }
    const named = looksLikeCredential(path.at(-1) ?? '') && !schemas.some(isFixed);
    if (typeof value === 'string' && value !== '' && (secret || named)) found.push({ path, value });
    if ((typeof value === 'number' || typeof value === 'bigint') && secret) found.push({ path, value: String(value) });
  };
  visit(config, [], false);
  return found;
};

/** Whether a schema allows only what everybody can read in it. */
export const isFixed = (schema: ExactObject): boolean => 'const' in schema || 'enum' in schema;

/** A copy of the config whose secrets are wrong; undefined when it has none. */
export const wrongConfig = (spec: ExactObject | undefined, config: ExactObject): ExactObject | undefined => {
  const secrets = secretsIn(spec, config).filter(({ value }) => wrong(value) !== value);
  if (secrets.length === 0) return undefined;
  const paths = new Set(secrets.map(({ path }) => path.join('\0')));
  const copy = (value: unknown, path: readonly string[]): unknown => {
    if (typeof value === 'string' && paths.has(path.join('\0'))) return wrong(value);
    if (Array.isArray(value)) return value.map((item: unknown, index) => copy(item, [...path, String(index)]));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copy(member, [...path, key])]));
  };
  const changed = copy(config, []);
  return isObject(changed) ? changed : undefined;
};

/** The next letter or digit in place of each in the second half: as long, with the same start, fit for the same pattern. */
const wrong = (value: string): string => {
  const half = Math.floor(value.length / 2);
  const rest = value.slice(half).replace(/[a-y0-8A-Y]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 1));
  return value.slice(0, half) + rest;
};
