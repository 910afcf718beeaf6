import { ConnectorError } from '../errors.ts';
import { compileRecordsPath } from '../parse/records-path.ts';
import { isJsonObject } from '../protocol/json.ts';
import type { AnsweredPage } from './paginator.ts';

/** Follows a path of member names; undefined where it leads nowhere. */
export type Follow = (document: unknown) => unknown;

/**
 * Compiles a path such as `$.meta.next` or `$['@odata.nextLink']`.
 *
 * @param option whose path it is, for messages, e.g. `cursor.from`
 * @throws ConnectorError when it is not a path of member names
 */
export const followPath = (option: string, path: string): Follow => {
  const names = namesOf(option, path);
  return (document) =>
    names.reduce<unknown>(
      (node, name) => (isJsonObject(node) && Object.hasOwn(node, name) ? node[name] : undefined),
      document,
    );
};

/** The member names of a path, outermost first. */
export const namesOf = (option: string, path: string): readonly string[] => {
  const wrong = (cause?: unknown) =>
    new ConnectorError(
      `${option}: ${JSON.stringify(path)} is not a path of member names such as $.meta.next or $['@odata.nextLink'].`,
      { cause },
    );
  let steps;
  try {
    steps = compileRecordsPath(path);
  } catch (cause) {
    throw wrong(cause);
  }
  return steps.map((step) => {
    if (step.kind === 'each') throw wrong();
    return step.name;
  });
};

/** Reads one value of a page: out of the body when the option is a path (it begins with `$`), else out of that header. */
export const pageValue = (option: string, place: string): ((page: AnsweredPage) => unknown) => {
  if (place.startsWith('$')) {
    const follow = followPath(option, place);
    return ({ body }) => follow(body);
  }
  if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(place)) {
    throw new ConnectorError(
      `${option}: ${JSON.stringify(place)} is neither a path into the body, such as $.meta.next, nor the name of a header.`,
    );
  }
  const name = place.toLowerCase();
  return ({ headers }) => headers[name];
};
