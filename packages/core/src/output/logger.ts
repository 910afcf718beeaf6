import { logMessage, type LogLevel } from '../protocol/messages.ts';
import type { Writer } from './writer.ts';

/** Takes what the connector wants to tell its operator; each call becomes one LOG message. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  fatal(message: string): void;
}

export interface LoggerOptions {
  /** @default false: DEBUG messages are left out */
  readonly debug?: boolean;
}

export const createLogger = (writer: Writer, { debug = false }: LoggerOptions = {}): Logger => {
  const log = (level: LogLevel) => (message: string) => writer.message(logMessage(level, message));
  return {
    debug: debug ? log('DEBUG') : () => {},
    info: log('INFO'),
    warn: log('WARN'),
    error: log('ERROR'),
    fatal: log('FATAL'),
  };
};

/** A logger that says nothing: for a stream read outside a sync, as in a unit test. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {}, fatal() {} };
