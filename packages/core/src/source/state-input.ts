import { InputFileError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import type { StreamDescriptor } from '../protocol/messages.ts';

/** The state of each stream as the last sync left it. */
export interface StateInput {
  of(stream: StreamDescriptor): JsonObject;
}

const MESSAGE_TYPES = new Set(['STREAM', 'GLOBAL', 'LEGACY']);

/**
 * Understands every form of state input: a list of STREAM messages, one GLOBAL message, or the legacy object of stream
 * names and states. STATE messages may stand in their envelope, as a sync printed them. Streams nobody asks for are ignored.
 *
 * @param place for messages: `--state FILE`
 * @throws InputFileError that names the place in the document
 */
export const parseState = (document: unknown, place: string): StateInput => {
  const states = new Map<string, JsonObject>();
  const add = (name: unknown, namespace: unknown, state: unknown, pointer: string): void => {
    if (state === undefined || state === null) return;
    if (typeof name !== 'string') throw refusal(place, pointer, 'expected a stream_descriptor with a name');
    if (!isJsonObject(state)) throw refusal(place, pointer, `expected the state of stream "${name}" to be an object`);
    states.set(keyOf({ name, ...(typeof namespace === 'string' && { namespace }) }), state);
  };
  const addStream = (entry: unknown, pointer: string): void => {
    const { stream_descriptor: stream, stream_state: state } = isJsonObject(entry) ? entry : {};
    if (!isJsonObject(stream)) throw refusal(place, pointer, 'expected a stream_descriptor');
    add(stream['name'], stream['namespace'], state, pointer);
  };
  const addLegacy = (data: JsonObject, pointer: string): void => {
    for (const [name, state] of Object.entries(data)) add(name, undefined, state, `${pointer}/${name}`);
  };
  const addMessage = (message: JsonObject, pointer: string): void => {
    if (message['stream'] !== undefined) return addStream(message['stream'], `${pointer}/stream`);
    if (isJsonObject(message['global'])) return addGlobal(message['global'], `${pointer}/global`);
    if (isJsonObject(message['data'])) return addLegacy(message['data'], `${pointer}/data`);
    throw refusal(place, pointer, 'expected one of the members stream, global and data');
  };
  const addGlobal = ({ shared_state: shared, stream_states: list }: JsonObject, pointer: string): void => {
    if (isJsonObject(shared) && Object.keys(shared).length > 0) {
      throw refusal(place, `${pointer}/shared_state`, 'a state shared by all streams is not supported');
    }
    if (Array.isArray(list)) list.forEach((entry, index) => addStream(entry, `${pointer}/stream_states/${index}`));
  };

  const input = unwrapped(document);
  if (Array.isArray(input)) {
    input.forEach((message: unknown, index) => {
      if (!isJsonObject(message)) throw refusal(place, `/${index}`, 'expected a state message');
      addMessage(message, `/${index}`);
    });
  } else if (isJsonObject(input)) {
    if (MESSAGE_TYPES.has(String(input['type']))) addMessage(input, '');
    else addLegacy(input, '');
  } else if (input !== null && input !== undefined) {
    throw refusal(place, '', `expected an array of state messages, got ${typeof input}`);
  }

  return { of: (stream) => states.get(keyOf(stream)) ?? states.get(keyOf({ name: stream.name })) ?? {} };
};

/** No state at all: everything is read from the beginning. */
export const noState: StateInput = { of: () => ({}) };

const keyOf = ({ name, namespace }: StreamDescriptor): string => JSON.stringify([namespace ?? null, name]);

/** Without the `{"type":"STATE","state":…}` around each message. */
const unwrapped = (document: unknown): unknown => {
  if (Array.isArray(document)) return document.map(unwrapped);
  return isJsonObject(document) && document['type'] === 'STATE' && isJsonObject(document['state'])
    ? document['state']
    : document;
};

const refusal = (place: string, pointer: string, message: string): InputFileError =>
  new InputFileError(`${place}, ${pointer === '' ? 'the whole document' : pointer}: ${message}.`);
