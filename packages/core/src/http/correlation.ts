import type { Logger } from '../output/logger.ts';
import type { HttpRequest, Sender } from './types.ts';

/** A symbol, so that a policy which copies the sender with a spread takes the id along. */
const ID = Symbol('correlation id');

interface CorrelatedSender extends Sender {
  readonly [ID]?: string;
}

/** The correlation id of a request below the `correlation` policy; undefined where there is none. */
export const correlationOf = (request: HttpRequest): string | undefined => {
  const sender: CorrelatedSender | undefined = request.sender;
  return sender?.[ID];
};

/** The request with an id, and with `log`, if given, in place of the sender's. */
export const correlate = (request: HttpRequest, id: string, log: Logger | undefined): HttpRequest => {
  const { sender = {} } = request;
  // A sender may be an object of a class: a spread would lose its methods.
  const copy: Sender = Object.create(Object.getPrototypeOf(sender) as object | null) as Sender;
  return { ...request, sender: Object.assign(copy, sender, log && { log }, { [ID]: id }) };
};

/** A logger whose lines all begin with `[cid …]`. */
export const withCorrelationId = (log: Logger, id: string): Logger => ({
  debug: (message) => log.debug(`[cid ${id}] ${message}`),
  info: (message) => log.info(`[cid ${id}] ${message}`),
  warn: (message) => log.warn(`[cid ${id}] ${message}`),
  error: (message) => log.error(`[cid ${id}] ${message}`),
  fatal: (message) => log.fatal(`[cid ${id}] ${message}`),
});
