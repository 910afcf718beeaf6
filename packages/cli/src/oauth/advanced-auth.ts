import { CommandError } from '../command-error.ts';
import { isJsonObject, type JsonObject } from '../types/read-document.ts';

/** A value of the login and where it stands in the config. */
export interface Place {
  readonly name: string;
  readonly path: readonly string[];
  /** Where the server's answer has it, if the spec says so. */
  readonly answerPath: readonly string[] | undefined;
  readonly required: boolean;
}

/** What the server calls the parameters. */
export interface ParameterNames {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly state: string;
  readonly code: string;
  /** The member of the answer that says in how many seconds the access token expires. */
  readonly expiry: string;
}

/** The spec's `advanced_auth`, as far as a login needs it. */
export interface AdvancedAuth {
  /** Members of `oauth_connector_input_specification` that are text, by name: templates may refer to them. */
  readonly texts: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly scope: string | undefined;
  readonly optionalScope: string | undefined;
  readonly names: ParameterNames;
  readonly stateLength: number;
  /** What the user fills in before the login. */
  readonly inputs: readonly Place[];
  /** What belongs to the client, such as its id and its secret. */
  readonly settings: readonly Place[];
  /** What the login brings. */
  readonly outputs: readonly Place[];
  readonly predicate: { readonly path: readonly string[]; readonly value: string } | undefined;
}

const SECTION = 'advanced_auth.oauth_config_specification';

/**
 * Reads the part of a connector's spec that says how to log in.
 *
 * @param connector for messages
 * @throws CommandError when there is none, or it says nowhere where the tokens belong
 */
export const readAdvancedAuth = (spec: JsonObject, connector: string): AdvancedAuth => {
  const auth = spec['advanced_auth'];
  if (!isJsonObject(auth)) {
    throw new CommandError(
      `${connector}: the spec declares no "advanced_auth", which says where tokens belong. Add it.`,
    );
  }
  if (auth['auth_flow_type'] === 'oauth1.0') {
    throw new CommandError(
      `${connector}: advanced_auth.auth_flow_type is "oauth1.0". Only "oauth2.0" can be logged in to.`,
    );
  }
  const section = objectOf(auth['oauth_config_specification']);
  const places = (name: string): Place[] => placesOf(section[name], `${connector}: ${SECTION}.${name}`);
  const outputs = places('complete_oauth_output_specification');
  if (outputs.length === 0) {
    throw new CommandError(
      `${connector}: ${SECTION}.complete_oauth_output_specification names no property with a "path_in_connector_config". ` +
        `Add one for each token that belongs in the config.`,
    );
  }
  const input = objectOf(section['oauth_connector_input_specification']);
  const name = (key: string, usual: string): string => textOf(input[`${key}_key`]) ?? usual;
  const { predicate_key: path, predicate_value: value } = auth;
  return {
    texts: textsOf(input),
    headers: textsOf(objectOf(input['access_token_headers'])),
    params: textsOf(objectOf(input['access_token_params'])),
    scope: joined(input['scopes'], input['scopes_join_strategy']) ?? textOf(input['scope']),
    optionalScope: joined(input['optional_scopes'], input['scopes_join_strategy']),
    names: {
      clientId: name('client_id', 'client_id'),
      clientSecret: name('client_secret', 'client_secret'),
      redirectUri: name('redirect_uri', 'redirect_uri'),
      scope: name('scope', 'scope'),
      state: name('state', 'state'),
      code: name('auth_code', 'code'),
      expiry: name('token_expiry', 'expires_in'),
    },
    stateLength: stateLengthOf(objectOf(input['state'])),
    inputs: places('oauth_user_input_from_connector_config_specification'),
    settings: places('complete_oauth_server_output_specification'),
    outputs: outputs.map((place) => ({ ...place, answerPath: place.answerPath ?? extracted(input, place.name) })),
    predicate: isPath(path) && typeof value === 'string' ? { path, value } : undefined,
  };
};

const objectOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const textsOf = (object: JsonObject): Record<string, string> => {
  const texts = Object.entries(object).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return Object.fromEntries(texts.map(([key, value]) => [key, String(value)]));
};

const isPath = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((step) => typeof step === 'string' && step !== '');

const placesOf = (schema: unknown, where: string): Place[] => {
  const { properties, required } = objectOf(schema);
  return Object.entries(objectOf(properties)).flatMap(([name, property]) => {
    const { path_in_connector_config: path, path_in_oauth_response: answerPath } = objectOf(property);
    if (path === undefined) return [];
    if (!isPath(path)) {
      throw new CommandError(
        `${where}.properties.${name}.path_in_connector_config: expected a list of member names, such as ["credentials", "${name}"].`,
      );
    }
    return {
      name,
      path,
      answerPath: isPath(answerPath) ? answerPath : undefined,
      required: !Array.isArray(required) || required.includes(name),
    };
  });
};

/** `extract_output` may name a member further inside: `data.access_token`. */
const extracted = (input: JsonObject, name: string): string[] | undefined => {
  const outputs: unknown[] = Array.isArray(input['extract_output']) ? input['extract_output'] : [];
  return outputs
    .filter((output) => typeof output === 'string')
    .map((output) => output.replace(/^\$\./, '').split('.'))
    .find((path) => path.at(-1) === name);
};

const SEPARATORS: Readonly<Record<string, string>> = { comma: ',', plus: '+' };

const joined = (scopes: unknown, strategy: unknown): string | undefined => {
  if (!Array.isArray(scopes) || scopes.length === 0) return undefined;
  const names = scopes.map((scope: unknown) => textOf(objectOf(scope)['scope']) ?? textOf(scope));
  return names.filter((name) => name !== undefined).join(SEPARATORS[String(strategy)] ?? ' ');
};

/** Long enough not to be guessed, unless the server takes shorter ones only. */
const stateLengthOf = ({ min, max }: JsonObject): number => {
  const usual = Math.max(43, typeof min === 'number' ? min : 0);
  return Math.max(1, typeof max === 'number' ? Math.min(usual, max) : usual);
};
