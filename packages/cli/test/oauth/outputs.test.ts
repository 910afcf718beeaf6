import { expect, test } from '@jest/globals';

import { outputsOf } from '../../src/oauth/outputs.ts';
import { oauthSpec } from './connector.ts';
import { contextOf } from './context.ts';

test('names what the answer lacks, unless it may be missing', async () => {
  const { context } = await contextOf(oauthSpec({ authorizationUrl: 'https://a.test', tokenUrl: 'https://a.test' }));
  expect(() => outputsOf({ access_token: 'a' }, context.auth, 0)).toThrow(
    'has no "refresh_token", which belongs at credentials.refresh_token of the config. Many servers give one for the scope offline_access',
  );
  const tokens = { access_token: 'a', refresh_token: 'r' };
  for (const expires_in of [undefined, null, 'soon', -1, 1e300]) {
    expect(outputsOf({ ...tokens, expires_in }, context.auth, 0)).toHaveLength(2);
  }
});
