import { ConfigError } from '../errors.ts';
import type { TimeLimits } from '../http/deadlines.ts';
import type { RetryOptions } from '../http/policies/retry.ts';
import { isJsonObject } from '../protocol/json.ts';
import { escapeSegment } from '../schema/json-pointer.ts';
import type { ConnectionConfig, ConnectionsConfig, PingConfig } from './config.ts';
import {
  anyText,
  callback,
  count,
  expecting,
  fields,
  listOf,
  milliseconds,
  object,
  text,
  texts,
  type Check,
} from './field-check.ts';

/**
 * The same config, if it is right.
 *
 * @throws ConfigError that lists every wrong field by a pointer such as `/crm/auth/token`
 */
export const validateConnections = (config: unknown): ConnectionsConfig => {
  if (!isJsonObject(config)) {
    throw new ConfigError([{ pointer: '', message: 'expected an object of connections by name' }]);
  }
  const violations = Object.entries(config).flatMap(([name, one]) => connection(one, `/${escapeSegment(name)}`));
  if (violations.length > 0) throw new ConfigError(violations);
  return config as ConnectionsConfig;
};

const baseUrl: Check = (value, pointer) => {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    const message = 'expected an absolute http or https URL such as https://api.example.com/v1';
    return [{ pointer, message }];
  }
  if (url.username !== '' || url.password !== '') {
    return [{ pointer, message: 'holds a user name or a password. Give them in the field "auth"' }];
  }
  return [];
};

const auth: Check = (value, pointer) => {
  if (typeof value === 'function') return [];
  if (!isJsonObject(value)) return object(value, pointer);
  if (typeof value['authenticate'] === 'function') return [];
  const check = AUTH_TYPES.get(String(value['type']));
  if (check) return check(value, pointer);
  const message = `unknown type of credential. Known: ${[...AUTH_TYPES.keys()].join(', ')}, an authenticator or a policy`;
  return [{ pointer: `${pointer}/type`, message }];
};

const apiKey: Check = (value, pointer) => {
  const wrong = fields({ type: text, header: text, query: text, value: text }, ['value'])(value, pointer);
  const places = ['header', 'query'].filter((name) => isJsonObject(value) && value[name] !== undefined);
  if (places.length === 1) return wrong;
  return [...wrong, { pointer, message: 'expected either "header" or "query": the name the key is sent under' }];
};

const AUTH_TYPES: ReadonlyMap<string, Check> = new Map([
  ['bearer', fields({ type: text, token: text }, ['token'])],
  ['basic', fields({ type: text, username: anyText, password: anyText }, ['username', 'password'])],
  ['apiKey', apiKey],
]);

const failureStatus = expecting(
  'a status from 100 to 599, or all of a hundred such as "5xx"',
  (value) =>
    (Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 599) ||
    (typeof value === 'string' && /^[1-5]xx$/.test(value)),
);

const retry = fields<RetryOptions>(
  {
    attempts: count,
    totalTime: milliseconds,
    backoff: callback,
    maxWait: milliseconds,
    rateLimitTime: milliseconds,
    waitHeaders: listOf(expecting('a text or an object', (value) => typeof value === 'string' || isJsonObject(value))),
    rules: listOf(object),
    clock: object,
  },
  [],
);

const connection = fields<ConnectionConfig>(
  {
    baseUrl,
    auth,
    headers: texts,
    timeouts: fields<TimeLimits>(
      { connect: milliseconds, headers: milliseconds, idle: milliseconds, total: milliseconds },
      [],
    ),
    retry,
    poolSize: count,
    failureStatuses: listOf(failureStatus),
    ping: fields<PingConfig>(
      { method: expecting('a method in capitals', (value) => /^[A-Z]+$/.test(String(value))), path: anyText },
      [],
    ),
    http: object,
  },
  ['baseUrl'],
);
