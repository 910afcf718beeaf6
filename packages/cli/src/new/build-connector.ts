import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import type { ConnectorPlan } from '../plan/plan.ts';
import { linkKit, templateFolder, type Kit } from './kit.ts';
import type { NewOptions } from './options.ts';
import type { PackageManager } from './package-manager.ts';
import type { Progress } from './progress.ts';
import { runStep } from './run-step.ts';
import type { Target } from './target.ts';

export interface BuildContext {
  readonly name: string;
  readonly plan: ConnectorPlan;
  readonly kit: Kit;
  readonly manager: PackageManager;
  readonly options: Pick<NewOptions, 'install' | 'test'>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Makes the connector in its workplace, step by step; the first that fails ends it.
 *
 * @returns the paths of its files, without what is installed or built
 */
export const buildConnector = async (target: Target, context: BuildContext): Promise<readonly string[]> => {
  const { name, plan, kit, manager, options, progress, signal } = context;
  const directory = target.workplace;
  // It brings a code formatter with it; what is refused is refused before.
  const { recordCassettes } = await import('../generate/record-cassettes.ts');
  const { writeConnector } = await import('../generate/write-connector.ts');
  const run = (command: readonly string[]) => runStep({ command, cwd: directory, signal });

  await progress.step('Writing the files', async () => {
    await writeConnector(plan, { name, template: templateFolder(), directory });
    linkKit(directory, kit, manager);
  });
  signal.throwIfAborted();
  if (options.install) {
    await progress.step(`Installing with ${manager.name}`, () => run([manager.name, ...manager.install]));
    await progress.step('Recording the cassettes', () => recordCassettes(plan, { directory, signal }));
    if (options.test) await progress.step('Running its tests', () => run([manager.name, 'test']));
  }
  const files = await filesIn(directory);
  signal.throwIfAborted();
  await target.finish();
  return files;
};

const NOT_LISTED: ReadonlySet<string> = new Set(['node_modules', 'dist', '.git']);

const filesIn = async (directory: string): Promise<readonly string[]> => {
  const files: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (NOT_LISTED.has(entry.name) || entry.name.endsWith('.tsbuildinfo')) continue;
      if (entry.isDirectory()) await visit(path);
      else files.push(relative(directory, path).split(sep).join('/'));
    }
  };
  await visit(directory);
  return files.toSorted();
};
