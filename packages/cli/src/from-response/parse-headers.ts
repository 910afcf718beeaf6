import { CommandError } from '../command-error.ts';

/**
 * Headers written as `Name: value`; names in lower case.
 *
 * @throws CommandError for one that is not; its value is not in the message
 */
export const parseHeaders = (headers: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    headers.map((header, index) => {
      const [, name, value] = /^\s*([!#$%&'*+\-.^_`|~\w]+)\s*:\s*(\S.*?)\s*$/.exec(header) ?? [];
      if (name !== undefined && value !== undefined) return [name.toLowerCase(), value];
      throw new CommandError(`Header ${index + 1} is not written as "Name: value", e.g. "Authorization: Bearer …".`);
    }),
  );
