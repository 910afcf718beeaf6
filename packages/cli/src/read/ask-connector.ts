import type { AirbyteCatalog, AirbyteMessage } from '@headwater/core';

import { CommandError } from '../command-error.ts';
import { isJsonObject, type JsonObject } from '../types/read-document.ts';
import { startConnector, type Hearing } from './connector-process.ts';
import type { Connector } from './connector.ts';
import { crashOf, failureText } from './failure-text.ts';
import type { Failure } from './progress.ts';
import type { Redact } from './redact.ts';

/** What a command of a connector is asked with. */
export interface Asking {
  readonly connector: Connector;
  readonly args: readonly string[];
  readonly redact: Redact;
  readonly signal: AbortSignal;
  readonly hearing?: Partial<Hearing>;
}

/**
 * Runs a command of a connector that gives one answer.
 *
 * @throws CommandError that says why there is none
 */
const ask = async <T>(asking: Asking, answerIn: (message: AirbyteMessage) => T | undefined): Promise<T> => {
  const { connector, args, redact, signal, hearing } = asking;
  let answer: T | undefined;
  let fatal: string | undefined;
  const failures: Failure[] = [];
  const running = startConnector(connector, args, {
    ...hearing,
    async message(message) {
      answer = answerIn(message) ?? answer;
      const { error } = message.trace ?? {};
      if (error) {
        const { message: text, failure_type: type, stack_trace: stack } = error;
        failures.push({ message: text, ...(type && { type }), ...(stack !== undefined && { stack }) });
      }
      if (message.log?.level === 'FATAL') fatal = message.log.message;
      await hearing?.message?.(message);
    },
  });
  signal.addEventListener('abort', running.stop, { once: true });
  const ended = await running.done;
  signal.removeEventListener('abort', running.stop);
  signal.throwIfAborted();
  if (answer !== undefined) return answer;
  const [first] = failures;
  const failure = first ?? (fatal === undefined ? crashOf(ended, connector) : { message: fatal });
  const what = failure ? failureText(failure, connector.directory) : `it printed no answer to \`${args[0] ?? ''}\`.`;
  throw new CommandError(redact(`${connector.name}: ${what}`));
};

/** The schema of the config. */
export const specOf = (asking: Omit<Asking, 'args'>): Promise<JsonObject> =>
  ask({ ...asking, args: ['spec'] }, ({ spec }) => {
    const schema: unknown = spec?.connectionSpecification;
    return isJsonObject(schema) ? schema : undefined;
  });

/** The streams there are. */
export const discoverStreams = (asking: Omit<Asking, 'args'>, config: string): Promise<AirbyteCatalog> =>
  ask({ ...asking, args: ['discover', '--config', config] }, ({ catalog }) =>
    Array.isArray(catalog?.streams) ? catalog : undefined,
  );

/** Whether the config works; the message says why not. */
export const checkConnection = (
  asking: Omit<Asking, 'args'>,
  config: string,
): Promise<{ readonly status: string; readonly message?: string }> =>
  ask({ ...asking, args: ['check', '--config', config] }, ({ connectionStatus }) => connectionStatus);
