import { CommandError } from '../command-error.ts';

const LOOPBACK: readonly string[] = ['127.0.0.1', '[::1]', 'localhost'];

export const isLoopback = ({ hostname }: URL): boolean => LOOPBACK.includes(hostname);

/**
 * A URL that secrets may be sent to.
 *
 * @param where for messages: the option or the member of the spec
 * @throws CommandError when it is not https, unless it stays on this machine
 */
export const secureUrl = (text: string, where: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw new CommandError(`${where}: "${text}" is no URL.`);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return url;
  throw new CommandError(`${where}: "${text}" is not https. Only a server on this machine may be asked without.`);
};

/** For messages: where it leads, without the query, which may hold secrets. */
export const shown = (url: URL): string => `${url.origin}${url.pathname}`;
