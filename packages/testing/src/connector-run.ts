import type { AirbyteMessage, JsonObject } from '@headwater/core';

type Member<K extends keyof AirbyteMessage> = NonNullable<AirbyteMessage[K]>;
type State = Member<'state'>;
type Trace = Member<'trace'>;
type ErrorTrace = NonNullable<Trace['error']>;
type Status = NonNullable<Trace['stream_status']>['status'];

/** How a connector's process ended and what it printed. */
export class ConnectorRun {
  /** `null` when a signal ended the process. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Every line of stdout that is one JSON object, in order; numbers beyond 2^53 are exact in `stdout` only. */
  readonly messages: readonly AirbyteMessage[];
  /** Every other line of stdout, an empty one too. A connector that keeps to the protocol has none. */
  readonly notJson: readonly string[];

  constructor(printed: Pick<ConnectorRun, 'exitCode' | 'signal' | 'stdout' | 'stderr' | 'messages' | 'notJson'>) {
    this.exitCode = printed.exitCode;
    this.signal = printed.signal;
    this.stdout = printed.stdout;
    this.stderr = printed.stderr;
    this.messages = printed.messages;
    this.notJson = printed.notJson;
  }

  /** The data of all records by name of their stream, streams in the order of their first record. */
  get records(): Readonly<Record<string, readonly JsonObject[]>> {
    const byStream = new Map<string, JsonObject[]>();
    for (const { stream, data } of this.#all('record')) {
      const records = byStream.get(stream);
      if (records) records.push(data);
      else byStream.set(stream, [data]);
    }
    return Object.fromEntries(byStream);
  }

  /** The data of one stream's records; empty when it has none. */
  recordsOf(stream: string): readonly JsonObject[] {
    return this.#all('record').flatMap((record) => (record.stream === stream ? [record.data] : []));
  }

  get states(): readonly State[] {
    return this.#all('state');
  }

  get logs(): readonly Member<'log'>[] {
    return this.#all('log');
  }

  get traces(): readonly Trace[] {
    return this.#all('trace');
  }

  /** The content of the traces of type ERROR. */
  get errors(): readonly ErrorTrace[] {
    return this.traces.flatMap(({ error }) => error ?? []);
  }

  /** The statuses a stream went through, in order. */
  statuses(stream: string): readonly Status[] {
    return this.traces.flatMap(({ stream_status: status }) =>
      status?.stream_descriptor.name === stream ? [status.status] : [],
    );
  }

  #all<K extends keyof AirbyteMessage>(member: K): Member<K>[] {
    return this.messages.flatMap((message) => message[member] ?? []);
  }
}
