import type { AirbyteMessage } from '@headwater/core';

import type { ConnectorRun } from './connector-run.ts';

/**
 * What `read --state` takes to continue after a run: the last state of each stream, or the last global one.
 *
 * @example
 * const state = await folder.write('state.json', stateOf(first));
 */
export const stateOf = ({ states }: ConnectorRun): readonly NonNullable<AirbyteMessage['state']>[] => {
  const last = new Map<string, (typeof states)[number]>();
  for (const state of states) {
    const { name, namespace } = state.stream?.stream_descriptor ?? {};
    last.set(JSON.stringify(state.stream ? [namespace, name] : [state.type]), state);
  }
  return [...last.values()];
};
