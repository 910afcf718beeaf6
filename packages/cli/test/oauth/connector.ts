import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { temporaryFolder } from '@headwater/testing';

import { ROOT } from '../headwater.ts';

const CORE = pathToFileURL(join(ROOT, 'packages/core/dist/index.js')).href;

const MAIN = `import { runSource, Source } from '${CORE}';

class Example extends Source {
  async check() {}
  streams() {
    return [];
  }
}

await runSource(new Example());
`;

/** Says its spec without the kit, which takes time to load. */
const QUICK = `import { readFileSync } from 'node:fs';
console.log(JSON.stringify({ type: 'SPEC', spec: JSON.parse(readFileSync(new URL('../spec.json', import.meta.url))) }));
`;

const place = (...path: string[]) => ({ type: 'string', path_in_connector_config: path });

/** The spec of a source with OAuth, whose authorization server is there. */
export const oauthSpec = (server: { authorizationUrl: string; tokenUrl: string }, input: object = {}) => ({
  connectionSpecification: { type: 'object', properties: { credentials: { type: 'object' } } },
  advanced_auth: {
    auth_flow_type: 'oauth2.0',
    predicate_key: ['credentials', 'auth_type'],
    predicate_value: 'oauth2.0',
    oauth_config_specification: {
      oauth_connector_input_specification: {
        consent_url:
          `${server.authorizationUrl}?{{ client_id_key }}={{ client_id_value }}` +
          '&{{redirect_uri_param}}&{{ scope_key }}={{ scope_value | urlencode }}&{{state_param}}&prompt=consent',
        access_token_url: `${server.tokenUrl}?{{client_id_param}}&{{client_secret_param}}&{{auth_code_param}}`,
        scope: 'openid offline_access',
        ...input,
      },
      complete_oauth_output_specification: {
        required: ['access_token', 'refresh_token'],
        properties: {
          access_token: place('credentials', 'access_token'),
          refresh_token: place('credentials', 'refresh_token'),
          token_expiry_date: place('credentials', 'token_expiry_date'),
        },
      },
      complete_oauth_server_output_specification: {
        properties: {
          client_id: place('credentials', 'client_id'),
          client_secret: place('credentials', 'client_secret'),
        },
      },
    },
  },
});

/** A folder with a built connector, as `headwater oauth login` finds it, gone at the end of the block. */
export const oauthConnector = async (spec: object, config?: unknown, main = MAIN) => {
  const folder = await temporaryFolder();
  await folder.write('package.json', { type: 'module' });
  await folder.write('dist/main.js', main);
  await folder.write('spec.json', spec);
  if (config !== undefined) await folder.write('config.json', config);
  return { root: folder.path, [Symbol.asyncDispose]: () => folder.remove() };
};

/** The same, started faster. */
export const quickConnector = (spec: object, config?: unknown) => oauthConnector(spec, config, QUICK);
