/**
 * Puts what `@headwater/core` exports into one file, `packages/core/dist/bundle/index.js`, with what is loaded only when
 * it is needed in files beside it: opening 300 modules takes a connector longer than all else it does at its start.
 */
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const dist = fileURLToPath(new URL('../../packages/core/dist/', import.meta.url));

await rm(`${dist}bundle`, { recursive: true, force: true });
await build({
  entryPoints: [`${dist}index.js`],
  outdir: `${dist}bundle`,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  sourcemap: 'linked',
  logLevel: 'warning',
});
