import { STATUS_CODES } from 'node:http';
import { errorTextOf } from './error-text.ts';
import type { HttpRequest, WireResponse } from './types.ts';

/** A request for a message: `GET https://api.example.com/issues?page=2 (stream "issues", slice {"repo":"a"})`. */
export const describeRequest = ({ method, url, sender }: HttpRequest): string =>
  `${method} ${url}${sender?.label === undefined ? '' : ` (${sender.label})`}`;

/** What came back, for a message: `503 Service Unavailable: "Try later"`. */
export const describeAnswer = (response: WireResponse): string => {
  const words = STATUS_CODES[response.status];
  const said = response.status >= 400 ? errorTextOf(response) : undefined;
  return `${response.status}${words ? ` ${words}` : ''}${said === undefined ? '' : `: "${said.replace(/[.\s]+$/, '')}"`}`;
};
