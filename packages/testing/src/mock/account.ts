import type { ReceivedRequest } from '../loopback-server.ts';
import { toJson } from '../to-json.ts';
import type { Faults } from './faults.ts';
import { nearestRoute } from './nearest-route.ts';
import type { Script } from './script.ts';

/** A request that the test did not foresee. */
export interface Unexpected {
  /** Its place in `api.requests`, from 1. */
  readonly number: number;
  readonly request: ReceivedRequest;
  readonly reason: string;
}

/** The text of what went otherwise than the test said; undefined when all is well. */
export const accountOf = (
  script: Script,
  unexpected: readonly Unexpected[],
  faults: readonly Faults[],
  seed: number,
): string | undefined => {
  const unused = [...unusedReplies(script), ...unusedRoutes(script), ...unusedFaults(faults)];
  if (unexpected.length === 0 && unused.length === 0) return undefined;
  return [
    `The mock API was not used as the test says (seed ${seed}).`,
    ...section('kind of request', 'kinds of request', 'came that nothing answers', unexpectedLines(script, unexpected)),
    ...section('answer or fault was', 'answers or faults were', 'not used', unused),
  ].join('\n');
};

/** A request in one line. */
export const describeRequest = ({ method, path, query }: ReceivedRequest): string =>
  `${method} ${path}${query.size > 0 ? `?${query.toString()}` : ''}`;

const MOST_LINES = 10;

const section = (one: string, many: string, what: string, entries: readonly string[]): readonly string[] => {
  if (entries.length === 0) return [];
  const rest = entries.length - MOST_LINES;
  const title = `${entries.length} ${entries.length === 1 ? one : many} ${what}:`;
  return ['', title, ...entries.slice(0, MOST_LINES), ...(rest > 0 ? [`  and ${rest} more`] : [])];
};

/** Equal requests stand together, for a client that tries again asks the same many times. */
const unexpectedLines = (script: Script, unexpected: readonly Unexpected[]): readonly string[] => {
  const same = new Map<string, Unexpected[]>();
  for (const one of unexpected) {
    const key = JSON.stringify([describeRequest(one.request), one.request.body, one.reason]);
    const group = same.get(key);
    if (group) group.push(one);
    else same.set(key, [one]);
  }
  return [...same.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { request, reason } = first;
    const numbers = group.map(({ number }) => `#${number}`).join(', ');
    const body = request.body === '' ? '' : `\n    body: ${excerpt(request.body)}`;
    return `  ${numbers} ${describeRequest(request)}: ${reason}${body}${nearest(script, request)}`;
  });
};

const nearest = (script: Script, { method, path }: ReceivedRequest): string => {
  const route = nearestRoute(
    script.routes.map(({ text }) => text),
    method,
    path,
  );
  // A route that fits and threw is no riddle.
  return route === undefined ? '' : `\n    the nearest route:\n    - ${route}\n    + ${method} ${path}`;
};

const unusedReplies = ({ replies: { answers, given } }: Script): readonly string[] =>
  answers.flatMap((reply, index) => {
    if (index < given) return [];
    const { status = 200, body, fault } = reply;
    const content =
      body === undefined ? '' : ` ${excerpt(body instanceof Uint8Array ? `${body.length} bytes` : toJson(body))}`;
    return `  reply ${index + 1} of ${answers.length} in the script: ${status}${content}${fault ? ` (${fault.kind})` : ''}`;
  });

/** A route that was declared again is replaced, as a test does with what its setup said. */
const unusedRoutes = ({ routes }: Script): readonly string[] =>
  routes.flatMap(({ text, answers, given }, index) => {
    const replaced = routes.findLastIndex((route) => route.text === text) > index;
    if (replaced || given >= answers.length) return [];
    return given === 0
      ? `  ${text}: no request came`
      : `  ${text}: ${given} of its ${answers.length} answers ${given === 1 ? 'was' : 'were'} given`;
  });

/** What goes by chance may well meet nobody. */
const unusedFaults = (faults: readonly Faults[]): readonly string[] =>
  faults.flatMap(({ rule, met }) =>
    met > 0 || rule.rate !== undefined ? [] : `  the fault for ${toJson(rule)}: no request met it`,
  );

const MOST_CHARS = 120;

const excerpt = (text: string): string => (text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS)}…` : text);
