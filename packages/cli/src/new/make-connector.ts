import { basename, resolve } from 'node:path';

import { CommandError } from '../command-error.ts';
import type { ConnectorPlan } from '../plan/plan.ts';
import { buildConnector } from './build-connector.ts';
import { interruption, orStop } from './interruption.ts';
import { findKit } from './kit.ts';
import { makePlan } from './make-plan.ts';
import { titleOf, whyNotName } from './name.ts';
import type { NewOptions } from './options.ts';
import { packageManager } from './package-manager.ts';
import { progressOn, type Progress } from './progress.ts';
import { askName, askSource, askStreams, CancelledError, proposeName, type Desk } from './questions.ts';
import { report } from './report.ts';
import { openTarget, type Target } from './target.ts';

/** Makes a connector as the options say, after the questions that are left; it stands whole at its place or not at all. */
export const makeConnector = async (given: NewOptions): Promise<void> => {
  using stop = interruption();
  const { signal } = stop;
  const isAsking = !given.yes && process.stdin.isTTY && process.stderr.isTTY;
  const desk = isAsking ? { input: process.stdin, output: process.stderr, signal } : undefined;
  const progress = progressOn(process.stderr);
  let target: Target | undefined;
  try {
    // What is wrong already is said before any question or request.
    const early = given.name ?? (given.directory === undefined ? undefined : basename(resolve(given.directory)));
    if (early !== undefined && (given.name !== undefined || !desk)) checked(early);
    if (early !== undefined) target = await openTarget(given.directory ?? early);
    const kit = findKit(given.kit);
    const options = desk ? await askSource(given, desk) : given;
    const plan = await findPlan(options, early, { desk, progress, signal });
    const isFound = options.kind === 'openapi' || options.kind === 'from-response';
    const proposal = early ?? proposeName(isFound ? { title: plan.title } : options);
    const name = checked(desk && given.name === undefined ? await askName(proposal, desk) : proposal);
    target ??= await openTarget(name);
    if (kit.told !== undefined) progress.tell(kit.told);
    const manager = packageManager();
    const files = await buildConnector(target, { name, plan, kit, manager, options, progress, signal });
    report({ name, directory: target.path, plan, files, manager, options });
  } catch (error) {
    await target?.discard();
    if (!(error instanceof CancelledError) && !signal.aborted) throw withoutWorkplace(error, target);
    process.stderr.write('Stopped. Nothing is left behind.\n');
    // A request that nobody waits for any more would keep the process.
    process.exit(stop.exitCode ?? 130);
  }
};

/** The person knows nothing of the folder that the work was done in, and it is gone. */
const withoutWorkplace = (error: unknown, target: Target | undefined): unknown => {
  if (!(error instanceof CommandError) || !target?.workplace) return error;
  return new CommandError(error.message.replaceAll(target.workplace, target.path), { cause: error });
};

const checked = (name: string): string => {
  const why = whyNotName(name);
  if (why !== undefined) throw new CommandError(why);
  return name;
};

interface Surroundings {
  readonly desk: Desk | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

const findPlan = async (
  options: NewOptions,
  name: string | undefined,
  { desk, progress, signal }: Surroundings,
): Promise<ConnectorPlan> => {
  const title = options.title ?? titleOf(name ?? proposeName(options));
  const find = (wanted: NewOptions) => orStop(makePlan(wanted, title), signal);
  const source = options.openapi ?? options.fromResponse?.join(', ');
  if (source === undefined) return (await find(options)).plan;
  const { plan, choices } = await progress.step(`Reading ${source}`, () => find(options));
  if (!desk || options.streams || choices.length < 2) return plan;
  const streams = await askStreams(choices, desk);
  return (await find({ ...options, streams })).plan;
};
