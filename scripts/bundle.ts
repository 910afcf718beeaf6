/**
 * Puts what `@headwater/core` exports into one file, `packages/core/dist/bundle/index.js`, with what is loaded only when
 * it is needed in files beside it: opening 300 modules takes a connector longer than all else it does at its start. The
 * same goes for the libraries of every start, which go into the bundle too, their licences beside them.
 */
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

const core = fileURLToPath(new URL('../../packages/core/', import.meta.url));
const bundle = join(core, 'dist/bundle');

/** What no connector starts without, in some 150 modules. */
const TAKEN_IN = new Set(['ajv', 'ajv-formats', 'commander', 'got', 'http2-wrapper', 'lossless-json']);

/** Libraries in CommonJS ask for Node's modules by `require`, which a module does not have. */
const REQUIRE = `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`;

const takeIn = async (): Promise<Metafile> => {
  const { dependencies } = JSON.parse(await readFile(join(core, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const { metafile } = await build({
    absWorkingDir: core,
    entryPoints: [join(core, 'dist/index.js')],
    outdir: bundle,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: Object.keys(dependencies).filter((name) => !TAKEN_IN.has(name)),
    banner: { js: REQUIRE },
    sourcemap: 'linked',
    // The package has the sources beside it.
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
};

/** The licences of the libraries that are part of the bundle, as each of them asks for. */
const licences = async ({ inputs }: Metafile): Promise<string> => {
  const folders = Object.keys(inputs).flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  const texts = [...new Set(folders)].toSorted().map(async (folder) => {
    const files = await readdir(join(core, folder));
    const file = files.find((name) => /^licen[cs]e(\.|$)/i.test(name));
    if (file === undefined) throw new Error(`${folder} has no licence, so it cannot be part of the bundle.`);
    const name = folder.replace(/^.*node_modules\//, '');
    return `${name}\n${'='.repeat(name.length)}\n\n${(await readFile(join(core, folder, file), 'utf8')).trim()}\n`;
  });
  return (await Promise.all(texts)).join('\n\n');
};

await rm(bundle, { recursive: true, force: true });
await writeFile(join(bundle, 'LICENSES.txt'), await licences(await takeIn()));
