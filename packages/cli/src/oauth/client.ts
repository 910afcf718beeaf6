import { CommandError } from '../command-error.ts';
import type { AdvancedAuth, Place } from './advanced-auth.ts';
import type { ConfigFile, Entry } from './config-file.ts';

/** A value that was not found in the config. */
export interface Given {
  readonly value: string;
  /** What the config holds of it: the value, or a reference to where it came from. */
  readonly written: string;
}

export interface Client {
  readonly id: string;
  readonly secret: string | undefined;
  /** What the config has to hold, so that the connector can use the tokens, and does not yet. */
  readonly entries: readonly Entry[];
}

/**
 * The client to log in as: what was given, else what the config has.
 *
 * @param file for messages: the config file
 * @throws CommandError when there is no client id
 */
export const findClient = async (
  auth: AdvancedAuth,
  config: ConfigFile,
  given: { readonly clientId?: Given; readonly clientSecret?: Given },
  file: string,
): Promise<Client> => {
  const [id, secret] = [idPlace(auth), secretPlace(auth)];
  const idInConfig = id && (await config.text(id.path));
  // A secret that is given makes whatever the config refers to superfluous, and it may not be there.
  const secretInConfig = secret && !given.clientSecret ? await config.text(secret.path) : undefined;
  const clientId = given.clientId?.value ?? idInConfig;
  if (clientId === undefined) {
    const place = id ? `put it at ${id.path.join('.')}, or ` : '';
    throw new CommandError(`${file}: there is no client id: ${place}give --client-id.`);
  }
  const entry = (place: Place | undefined, value: Given | undefined): Entry[] =>
    place && value && config.raw(place.path) !== value.written ? [{ path: place.path, value: value.written }] : [];
  return {
    id: clientId,
    secret: given.clientSecret?.value ?? secretInConfig,
    entries: [
      ...(given.clientId?.value === idInConfig ? [] : entry(id, given.clientId)),
      ...entry(secret, given.clientSecret),
    ],
  };
};

/** What the config holds besides the client, by name, for templates. */
export const otherValues = async (auth: AdvancedAuth, config: ConfigFile): Promise<Record<string, string>> => {
  const client: readonly (Place | undefined)[] = [idPlace(auth), secretPlace(auth)];
  const values: Record<string, string> = {};
  for (const place of [...auth.settings, ...auth.inputs]) {
    if (client.includes(place) || isSecretName(place.name, auth)) continue;
    const value = await config.text(place.path);
    if (value !== undefined) values[place.name] = value;
  }
  return values;
};

const placeOf = ({ settings, inputs }: AdvancedAuth, ...names: readonly string[]): Place | undefined =>
  [...settings, ...inputs].find(({ name }) => names.includes(name));

const idPlace = (auth: AdvancedAuth): Place | undefined => placeOf(auth, auth.names.clientId, 'client_id');

const secretPlace = (auth: AdvancedAuth): Place | undefined => placeOf(auth, auth.names.clientSecret, 'client_secret');

const isSecretName = (name: string, { names }: AdvancedAuth): boolean =>
  name === names.clientSecret || name === 'client_secret';
