import type { Logger } from '../../output/logger.ts';
import { correlate, withCorrelationId } from '../correlation.ts';
import { traceSettings, type TraceContextOptions } from '../trace-settings.ts';
import type { Policy } from '../types.ts';

/**
 * Gives every request its correlation id, and every log line about it: `[cid 6f1c…] GET https://… `. `traceContext`,
 * further down, sends the id.
 *
 * It is the outermost policy, so that the lines of `retry` carry the id too. A correlation header that the author set
 * himself is the id of that request.
 */
export const correlation = (options: TraceContextOptions = {}): Policy => {
  const { correlationHeader, correlationId } = traceSettings(options);
  const loggers = new WeakMap<Logger, Logger>();

  const loggerOf = (log: Logger, id: string): Logger => {
    if (id !== correlationId) return withCorrelationId(log, id);
    const logger = loggers.get(log) ?? withCorrelationId(log, id);
    loggers.set(log, logger);
    return logger;
  };

  return (next) => (request) => {
    const id = request.headers[correlationHeader] ?? correlationId;
    const log = request.sender?.log;
    return next(correlate(request, id, log && loggerOf(log, id)));
  };
};
