import type { ConnectorPlan } from '../plan/plan.ts';
import type { StreamNames } from './names.ts';

/** The code of `src/source.ts`. */
export const sourceFile = (plan: ConnectorPlan, first: StreamNames): string => {
  const keepsTokens = plan.auth.kind === 'oauth2' && plan.auth.grant === 'refresh_token';
  return `
import { Source, firstRecordOf${keepsTokens ? ', type PrepareContext' : ''} } from '@headwater/core';
${keepsTokens ? `import { authenticatorOf } from './api.ts';\n` : ''}import type { Config } from './record-types.ts';
import { streamsOf } from './streams.ts';
import { ${first.className} } from './streams/${first.file}.ts';

export class ApiSource extends Source<Config> {
  override readonly directory = new URL('..', import.meta.url);

  ${
    keepsTokens
      ? `/** From here on a refresh token that the server replaces is kept in the config. */
  override prepare(config: Config, { saveConfig }: PrepareContext): Config {
    authenticatorOf(config, saveConfig);
    return config;
  }
`
      : ''
  }
  /** One record is enough to know that the API is there and the credential is good: a 401 says so by itself. */
  async check(config: Config): Promise<void> {
    await firstRecordOf(new ${first.className}({ config }));
  }

  streams(config: Config) {
    return streamsOf(config);
  }
}
`;
};
