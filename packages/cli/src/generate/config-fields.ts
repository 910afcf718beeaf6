import { CommandError } from '../command-error.ts';
import type { AuthPlan, ConfigField, ConnectorPlan, JsonObject } from '../plan/plan.ts';
import { snakeName, takeName } from './names.ts';
import { parametersOf } from './parents.ts';
import { startOf } from './since.ts';

/** What the config asks for, under the names that the code uses. */
export interface ConfigFields {
  /** In the order of the form. */
  readonly all: readonly ConfigField[];
  /** Names of the fields of the credential, by what they are: `token`, `username`. */
  readonly credential: Readonly<Record<string, string>>;
  readonly baseUrl: string;
  /** Undefined where no stream asks for what has changed since then. */
  readonly startDate: string | undefined;
  /** The names of the plan's own fields, by the name in the plan. */
  readonly own: ReadonlyMap<string, string>;
}

/** The fields of the plan, of the credential, and those that every connector has. */
export const configFields = (plan: ConnectorPlan): ConfigFields => {
  const taken = new Set<string>();
  const own = new Map(plan.config.map(({ name }) => [name, takeName(taken, snakeName(name) || 'field', '_')] as const));
  const inPaths = new Set(plan.streams.flatMap((stream) => fieldsIn(stream.pathParams, parametersOf(stream))));
  for (const field of inPaths) {
    if (own.has(field)) continue;
    throw new CommandError(
      `A path needs the config field "${field}", which the config of the plan does not have. Add it.`,
    );
  }
  const ownFields = plan.config.map((field) => ({
    ...field,
    name: own.get(field.name) ?? field.name,
    // Without a value there would be no path.
    required: field.required || (inPaths.has(field.name) && field.schema['default'] === undefined),
  }));

  const named = Object.entries(credentialFields(plan.auth)).map(([role, field]) => {
    const name = takeName(taken, taken.has(field.name) ? `auth_${field.name}` : field.name, '_');
    return { role, field: { ...field, name } };
  });
  const [startDate, baseUrl] = ['start_date', 'base_url'].map((name) =>
    takeName(taken, taken.has(name) ? `api_${name}` : name, '_'),
  );
  const asksSince = plan.streams.some((stream) => startOf(stream) !== undefined);
  return {
    all: [
      ...ownFields,
      ...named.map(({ field }) => field),
      ...(asksSince ? [{ ...START_DATE, name: startDate ?? '' }] : []),
      { ...baseUrlField(plan.baseUrl), name: baseUrl ?? '' },
    ],
    credential: Object.fromEntries(named.map(({ role, field }) => [role, field.name])),
    baseUrl: baseUrl ?? '',
    startDate: asksSince ? startDate : undefined,
    own,
  };
};

/** A config with the examples of all fields that have to be there. */
export const exampleConfig = (fields: ConfigFields): JsonObject =>
  Object.fromEntries(fields.all.filter(({ required }) => required).map(({ name, example }) => [name, example]));

const fieldsIn = (
  pathParams: ConnectorPlan['streams'][number]['pathParams'],
  parameters: readonly string[],
): string[] =>
  parameters.flatMap((parameter) => {
    const value = pathParams[parameter];
    return value?.from === 'config' ? [value.field] : [];
  });

const START_DATE: ConfigField = {
  name: 'start_date',
  schema: {
    type: 'string',
    title: 'Start date',
    description: 'What was last changed before it is not read.',
    format: 'date-time',
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$',
    default: '2000-01-01T00:00:00Z',
  },
  required: false,
  example: '2026-01-01T00:00:00Z',
};

const baseUrlField = (url: string): ConfigField => ({
  name: 'base_url',
  schema: {
    type: 'string',
    title: 'Base URL',
    description: 'Where the API is. Another value is for a test server or a proxy.',
    format: 'uri',
    default: url,
  },
  required: false,
  example: url,
});

const text = (name: string, title: string, description: string, example: string): ConfigField => ({
  name,
  schema: { type: 'string', title, description, minLength: 1 },
  required: true,
  example,
});

const secret = (...args: Parameters<typeof text>): ConfigField => {
  const field = text(...args);
  return { ...field, schema: { ...field.schema, airbyte_secret: true } };
};

/** By what each of them is to the code. */
const credentialFields = (auth: AuthPlan): Readonly<Record<string, ConfigField>> => {
  switch (auth.kind) {
    case 'none':
      return {};
    case 'bearer':
      return { token: secret('api_token', 'API token', 'Sent in the header Authorization.', 'example-token') };
    case 'basic':
      return {
        username: text('username', 'User name', 'The name to log in with.', 'example-user'),
        password: secret('password', 'Password', 'The password to log in with.', 'example-password'),
      };
    case 'api-key':
      return { key: secret('api_key', 'API key', 'The key the API gave out.', 'example-api-key') };
    case 'oauth2':
      break;
  }
  return oauthFields(auth);
};

const oauthFields = (auth: Extract<AuthPlan, { kind: 'oauth2' }>): Readonly<Record<string, ConfigField>> => {
  return {
    clientId: text('client_id', 'Client ID', 'The ID of the application at the API.', 'example-client'),
    clientSecret: secret('client_secret', 'Client secret', 'The secret of the application.', 'example-client-secret'),
    ...(auth.grant === 'refresh_token' && {
      refreshToken: secret(
        'refresh_token',
        'Refresh token',
        'What a login gives: see `headwater oauth login`.',
        'example-refresh-token',
      ),
    }),
    tokenUrl: {
      name: 'token_url',
      schema: {
        type: 'string',
        title: 'Token URL',
        description: 'Where access tokens come from. Another value is for a test server.',
        format: 'uri',
        default: auth.tokenUrl,
        airbyte_hidden: true,
      },
      required: false,
      example: auth.tokenUrl,
    },
  };
};
