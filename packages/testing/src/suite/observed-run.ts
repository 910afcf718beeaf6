import type { ConnectorRun } from '../connector-run.ts';
import { isObject, parseExact, short, type ExactObject } from './exact-json.ts';

/** What a `read` says that matters to the rules, in the order of its lines. */
export type ReadEvent =
  | { readonly kind: 'record'; readonly stream: string; readonly data: ExactObject }
  /** `stream` is undefined for a state of all streams. */
  | { readonly kind: 'state'; readonly stream: string | undefined; readonly state: ExactObject }
  | { readonly kind: 'status'; readonly stream: string; readonly status: string };

export type RecordEvent = Extract<ReadEvent, { kind: 'record' }>;
export type StateEvent = Extract<ReadEvent, { kind: 'state' }>;

/** One run of the connector as the rules see it. */
export interface ObservedRun {
  /** What was run, for a report: `read (full refresh)`. */
  readonly label: string;
  readonly command: string;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Did not end in time and was killed. */
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** Every line that is a JSON object; integers that a double cannot hold are `bigint`. */
  readonly messages: readonly ExactObject[];
  readonly notJson: readonly string[];
  readonly events: readonly ReadEvent[];
  /** The messages of its TRACE ERRORs. */
  readonly errors: readonly { readonly message: string; readonly failureType: string | undefined }[];
  /** What the cassette had no answer for, in the words of the connector. */
  readonly gap: string | undefined;
}

export const observe = (
  { label, command, replays }: { readonly label: string; readonly command: string; readonly replays: boolean },
  run: Pick<ConnectorRun, 'exitCode' | 'signal' | 'stdout' | 'stderr'> & { readonly timedOut: boolean },
): ObservedRun => {
  const lines = run.stdout.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const messages: ExactObject[] = [];
  const notJson: string[] = [];
  for (const line of lines) {
    const value = parseExact(line);
    if (isObject(value)) messages.push(value);
    else notJson.push(line);
  }
  const errors = messages.flatMap(({ trace }) => {
    const error = isObject(trace) ? trace['error'] : undefined;
    if (!isObject(error)) return [];
    const { message, internal_message: internal, failure_type: type } = error;
    const text = typeof message === 'string' ? message : short(internal ?? error);
    return [{ message: text, failureType: typeof type === 'string' ? type : undefined }];
  });
  // In the words of the kit, and of others that speak of a cassette; a summary quotes the error of its stream.
  const gap = replays
    ? errors.find(({ message }) => /cassette|\bwas(?: not)? recorded\b/i.test(message))?.message
    : undefined;
  return {
    label,
    command,
    exitCode: run.exitCode,
    signal: run.signal,
    timedOut: run.timedOut,
    stdout: run.stdout,
    stderr: run.stderr,
    messages,
    notJson,
    events: messages.flatMap(eventsOf),
    errors,
    gap,
  };
};

const eventsOf = ({ record, state, trace }: ExactObject): ReadEvent[] => {
  if (isObject(record)) {
    return [
      { kind: 'record', stream: streamName(record, 'stream'), data: isObject(record['data']) ? record['data'] : {} },
    ];
  }
  if (isObject(state)) {
    const { stream } = state;
    const descriptor = isObject(stream) ? stream['stream_descriptor'] : undefined;
    return [{ kind: 'state', stream: isObject(descriptor) ? streamName(descriptor, 'name') : undefined, state }];
  }
  const status = isObject(trace) ? trace['stream_status'] : undefined;
  if (!isObject(status)) return [];
  const descriptor = isObject(status['stream_descriptor']) ? status['stream_descriptor'] : {};
  return [{ kind: 'status', stream: streamName(descriptor, 'name'), status: String(status['status']) }];
};

/** How reports and rules name a stream: with its namespace, if it has one. */
export const streamName = (holder: ExactObject, key: string): string => {
  const { namespace } = holder;
  const name = String(holder[key]);
  return typeof namespace === 'string' && namespace !== '' ? `${namespace}.${name}` : name;
};

export const recordsIn = (run: ObservedRun): RecordEvent[] => run.events.filter((event) => event.kind === 'record');

export const statesIn = (run: ObservedRun): StateEvent[] => run.events.filter((event) => event.kind === 'state');

/** How a run ended, with what it said about the reason: for a report. */
export const ending = ({ exitCode, signal, timedOut, errors, stderr }: ObservedRun): string => {
  const how = timedOut
    ? 'did not end in time and was killed'
    : signal === null
      ? `ended with exit code ${exitCode}`
      : `died of ${signal}`;
  const why = errors.at(-1)?.message ?? stderr.trim().split('\n').at(-1) ?? '';
  // Whoever quotes it ends the sentence.
  return why === '' ? how : `${how}: ${short(why, 300).replace(/\.$/, '')}`;
};

/** Whether a read came to its end and says so. */
export const succeeded = ({ exitCode, errors }: ObservedRun): boolean => exitCode === 0 && errors.length === 0;
