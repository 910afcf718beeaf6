import { expect, test } from '@jest/globals';
import { runConnector, temporaryFolder } from '@headwater/testing';
import type { ConnectorSpecification } from '../../src/protocol/types.ts';

const CORE = new URL('../../dist/index.js', import.meta.url).href;

const MAIN = `import { runSource, Source } from '${CORE}';
class Example extends Source {
  async check() {}
  streams() {
    return [];
  }
}
await runSource(new Example());
`;

const spec: ConnectorSpecification = {
  connectionSpecification: { type: 'object', properties: { refresh_token: { type: 'string', airbyte_secret: true } } },
  advanced_auth: {
    auth_flow_type: 'oauth2.0',
    predicate_key: ['credentials', 'auth_type'],
    predicate_value: 'oauth2.0',
    oauth_config_specification: {
      oauth_connector_input_specification: {
        consent_url: 'https://auth.example.com/authorize?{{client_id_param}}&{{ state_param }}',
        access_token_url: 'https://auth.example.com/token',
        access_token_headers: { 'Content-Type': 'application/json' },
        scopes: [{ scope: 'read' }, { scope: 'offline_access' }],
        scopes_join_strategy: 'comma',
        state: { min: 7, max: 27 },
        token_expiry_key: 'expires',
      },
      complete_oauth_output_specification: {
        type: 'object',
        properties: { refresh_token: { type: 'string', path_in_connector_config: ['credentials', 'refresh_token'] } },
      },
      complete_oauth_server_input_specification: { properties: { client_id: { type: 'string' } } },
      complete_oauth_server_output_specification: {
        properties: { client_id: { type: 'string', path_in_connector_config: ['credentials', 'client_id'] } },
      },
    },
  },
};

test('prints the advanced_auth of a spec as it is', async () => {
  await using folder = await temporaryFolder();
  await folder.write('spec.json', spec);
  await folder.write('package.json', { type: 'module' });
  const run = await runConnector(await folder.write('main.js', MAIN), ['spec']);

  expect(run.exitCode).toBe(0);
  expect(run.messages).toEqual([{ type: 'SPEC', spec }]);
});
