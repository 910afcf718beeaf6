import type { AuthPlan, ConnectorPlan, JsonObject } from '../plan/plan.ts';
import type { ConfigFields } from './config-fields.ts';
import { plainText } from './text.ts';

/** What the connector's `spec.json` says. */
export const specOf = (plan: ConnectorPlan, fields: ConfigFields): JsonObject => ({
  connectionSpecification: {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: plainText(plan.title) || 'Source',
    type: 'object',
    required: fields.all.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: true,
    properties: Object.fromEntries(fields.all.map(({ name, schema }, order) => [name, { ...schema, order }])),
  },
  ...advancedAuth(plan.auth, fields.credential),
});

/** How `headwater oauth login` and the platform get a refresh token. */
const advancedAuth = (auth: AuthPlan, names: ConfigFields['credential']): JsonObject => {
  if (auth.kind !== 'oauth2' || auth.grant !== 'refresh_token' || auth.consentUrl === undefined) return {};
  const { scopes = [] } = auth;
  const place = (role: string) => ({ type: 'string', path_in_connector_config: [names[role]] });
  return {
    advanced_auth: {
      auth_flow_type: 'oauth2.0',
      oauth_config_specification: {
        oauth_connector_input_specification: {
          consent_url: consentTemplate(auth.consentUrl, scopes),
          access_token_url: plainUrl(auth.tokenUrl),
          ...(scopes.length > 0 && { scopes: scopes.map((scope) => ({ scope })) }),
          access_token_headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          access_token_params: {
            grant_type: 'authorization_code',
            code: '{{ auth_code_value }}',
            client_id: '{{ client_id_value }}',
            client_secret: '{{ client_secret_value }}',
            redirect_uri: '{{ redirect_uri_value }}',
          },
        },
        complete_oauth_output_specification: {
          type: 'object',
          properties: {
            refresh_token: { ...place('refreshToken'), path_in_oauth_response: ['refresh_token'] },
          },
        },
        complete_oauth_server_input_specification: {
          type: 'object',
          properties: { client_id: { type: 'string' }, client_secret: { type: 'string' } },
        },
        complete_oauth_server_output_specification: {
          type: 'object',
          properties: { client_id: place('clientId'), client_secret: place('clientSecret') },
        },
      },
    },
  };
};

const consentTemplate = (url: string, scopes: readonly string[]): string =>
  `${plainUrl(url)}${url.includes('?') ? '&' : '?'}response_type=code&` +
  `{{ client_id_param }}&{{ redirect_uri_param }}&${scopes.length > 0 ? '{{ scopes_param }}&' : ''}{{ state_param }}`;

/** Braces would be read as a template. */
const plainUrl = (url: string): string => url.replaceAll('{', '%7B').replaceAll('}', '%7D');
