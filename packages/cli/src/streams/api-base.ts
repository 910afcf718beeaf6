import { CommandError } from '../command-error.ts';
import { formatted } from '../generate/format.ts';
import { paginatorCall } from '../generate/paginator.ts';
import type { StreamPlan } from '../plan/plan.ts';

/** The call of a paginator that `src/api.ts` exports as `pages`, where one of the streams needs the same. */
export const sharedCall = async (api: string, streams: readonly StreamPlan[]): Promise<string | undefined> => {
  const text = await formatted('src/api.ts', api).catch(() => api);
  for (const { pagination } of streams) {
    const call = paginatorCall(pagination);
    if (call === undefined) continue;
    const line = await formatted('src/api.ts', `export const pages = ${call};`);
    if (text.includes(line.trim())) return call;
  }
  return undefined;
};

const STREAM =
  /((?:^\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?)^(export abstract class ApiStream<R extends JsonObject> extends HttpStream<R, Config> \{[\s\S]*?^\}\n)/m;
const KIT = /^import \{([^{}]*)\} from '@headwater\/core';$/m;

/**
 * The text of `src/api.ts` with the base class that children have, made as the one of the other streams is; the same
 * text where it is there, or not needed.
 *
 * @throws CommandError where the base classes have been written anew
 */
export const withBaseClasses = (api: string, hasChildren: boolean): string => {
  if (!/\bclass ApiStream\b/.test(api)) {
    throw new CommandError(
      'src/api.ts: there is no class ApiStream, which the new streams extend. Put one there: what they have in common.',
    );
  }
  if (!hasChildren || /\bclass ApiSubStream\b/.test(api)) return api;
  const [whole, , code] = STREAM.exec(api) ?? [];
  const [line, imported] = KIT.exec(api) ?? [];
  if (whole === undefined || code === undefined || line === undefined || imported === undefined) {
    throw new CommandError(
      'src/api.ts: there is no class ApiSubStream, which children of other streams extend. Put one there that extends HttpSubStream and does what ApiStream does.',
    );
  }
  const child = code.replace('ApiStream<', 'ApiSubStream<').replace('HttpStream<', 'HttpSubStream<');
  const comment = '/** A stream that is read once for each record of another stream. */\n';
  return api
    .replace(line, () => line.replace(/\bHttpStream\b/, 'HttpStream, HttpSubStream'))
    .replace(whole, () => `${whole}\n${comment}${child}`);
};
