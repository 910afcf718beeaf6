import type { JSONPathEnvironment, JSONPathQuery } from 'json-p3';
import { isLosslessNumber } from 'lossless-json';
import { ConnectorError, messageOf } from '../errors.ts';

/**
 * The values of a document that a JSONPath expression (RFC 9535) leads to, in document order; none is not an error.
 *
 * The values are those of the document, not copies. A filter compares numbers as the doubles of the standard, also those
 * that the document holds as `bigint` or `LosslessNumber`.
 *
 * @throws ConnectorError that names the column when the expression is malformed
 */
export type Select = (document: unknown, expression: string) => unknown[];

/** Loads the JSONPath library, which takes a moment, and gives a `select` that does not wait. */
export const loadSelect = async (): Promise<Select> => {
  const compile = await loadCompiler();
  return (document, expression) => run(compile(expression), document);
};

/** `loadSelect` and its `select` in one, for use now and then. */
export const select = async (document: unknown, expression: string): Promise<unknown[]> =>
  (await loadSelect())(document, expression);

type Compile = (expression: string) => JSONPathQuery;

let compiler: Promise<Compile> | undefined;

/** More expressions than a connector has; a program that builds them at run time must not fill the memory. */
const MOST_KEPT = 500;

const loadCompiler = (): Promise<Compile> =>
  (compiler ??= import('json-p3').then((library) => {
    const environment = new library.JSONPathEnvironment({ strict: true });
    const kept = new Map<string, JSONPathQuery>();
    return (expression) => {
      const known = kept.get(expression);
      if (known) return known;
      if (kept.size >= MOST_KEPT) kept.clear();
      const query = compile(environment, expression);
      kept.set(expression, query);
      return query;
    };
  }));

const compile = (environment: JSONPathEnvironment, expression: string): JSONPathQuery => {
  try {
    return environment.compile(withPlainFractions(expression));
  } catch (cause) {
    const column = columnOf(cause);
    const place = column === undefined ? '' : ` at column ${column}`;
    throw new ConnectorError(
      `The JSONPath ${JSON.stringify(expression)} cannot be read${place}: ${messageOf(cause)} ` +
        `Write it as in RFC 9535, e.g. "$.items[?@.active == true]".`,
      { cause },
    );
  }
};

/** A quoted string, or a number between 0 and 1 with its fraction and exponent. */
const FRACTION = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|(?<![-\w.\u0080-\u{10FFFF}])0\.(\d+)(?:[eE]([+-]?\d+))?/gu;

/** The library takes the zero of `0.5` for a leading zero and refuses it; `5e-1` is the same number. */
const withPlainFractions = (expression: string): string =>
  expression.replace(FRACTION, (written, digits: string | undefined, exponent: string | undefined) => {
    if (digits === undefined) return written;
    const significant = digits.replace(/^0+/, '');
    return significant === '' ? '0' : `${significant}e${Number(exponent ?? 0) - digits.length}`;
  });

/** The errors of the library point at the token they stumbled on. */
const columnOf = (error: unknown): number | undefined => {
  if (!(error instanceof Error) || !('token' in error)) return undefined;
  const { token } = error;
  if (typeof token !== 'object' || token === null || !('index' in token)) return undefined;
  return typeof token.index === 'number' && token.index >= 0 ? token.index + 1 : undefined;
};

const run = (query: JSONPathQuery, document: unknown): unknown[] => {
  const plain = withDoubles(document) as Parameters<JSONPathQuery['query']>[0];
  const { nodes } = query.query(plain);
  if (plain === document) return nodes.map(({ value }) => value);
  return nodes.map(({ location }) => valueAt(document, location));
};

/** The document with doubles for its long numbers; the same one when it has none. */
const withDoubles = (value: unknown): unknown => {
  if (typeof value === 'bigint' || isLosslessNumber(value)) return Number(String(value));
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(withDoubles);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const members = Object.entries(value).map(([key, member]) => ({ key, member, plain: withDoubles(member) }));
  if (members.every(({ member, plain }) => plain === member)) return value;
  return Object.fromEntries(members.map(({ key, plain }) => [key, plain]));
};

const valueAt = (document: unknown, location: readonly (string | number)[]): unknown =>
  location.reduce<unknown>((value, key) => (value as { readonly [key: string | number]: unknown })[key], document);
