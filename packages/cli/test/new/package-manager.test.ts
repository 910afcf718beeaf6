import { expect, test } from '@jest/globals';

import { packageManager } from '../../src/new/package-manager.ts';

test.each([
  ['', 'npm', 'npx', 'file:'],
  ['npm/11.19.1 node/v20.20.2 linux x64 workspaces/false', 'npm', 'npx', 'file:'],
  ['pnpm/9.1.0 npm/? node/v22.0.0 linux x64', 'pnpm', 'pnpm exec', 'link:'],
  ['yarn/1.22.22 npm/? node/v22.0.0 linux x64', 'yarn', 'yarn', 'link:'],
  ['bun/1.1.0', 'npm', 'npx', 'file:'],
])('takes by the user agent %j the package manager %s', (userAgent, name, exec, linkProtocol) => {
  expect(packageManager(userAgent)).toMatchObject({ name, exec, linkProtocol });
});
