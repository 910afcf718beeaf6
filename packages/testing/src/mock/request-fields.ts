import type { ReceivedRequest } from '../loopback-server.ts';
import { isNode, valueAt } from './body-path.ts';

/** The fields of a body: JSON, or a form; empty when it is neither. */
export const bodyFields = ({ headers, body }: ReceivedRequest): Readonly<Record<string, unknown>> => {
  if (headers['content-type']?.includes('form-urlencoded')) return Object.fromEntries(new URLSearchParams(body));
  try {
    const value: unknown = JSON.parse(body);
    return isNode(value) ? value : {};
  } catch {
    return {};
  }
};

export type RequestPart = 'query' | 'body' | 'header';

/** The text a request has for a parameter; undefined when it has none, or null. */
export const fieldOf = (request: ReceivedRequest, part: RequestPart, names: readonly string[]): string | undefined => {
  const value = fieldIn(request, part, names);
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const fieldIn = (request: ReceivedRequest, part: RequestPart, names: readonly string[]): unknown => {
  if (part === 'body') return valueAt(bodyFields(request), names);
  const [name = ''] = names;
  return part === 'query' ? request.query.get(name) : request.headers[name.toLowerCase()];
};
