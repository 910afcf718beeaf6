import { isUtf8 } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import { messageOf } from '../errors.ts';
import { redactStrings } from '../output/redact-message.ts';
import type { Exchange } from './exchanges.ts';
import { withoutCredentials } from './public-url.ts';
import type { HttpHeaders, WireResponse } from './types.ts';

/** The longest body that is written down, in characters. */
const LONGEST = 1024 * 1024;

const HIDDEN = '****';

/** Headers that are credentials. */
const CREDENTIAL_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key']);

/**
 * One exchange as an entry of an HTTP Archive 1.2, as browser tools open it.
 *
 * Registered secrets, credential headers and query parameters named like credentials are replaced by `****`. A body
 * that is no text is left out; a longer one than a mebibyte is cut.
 */
export const harEntry = ({ request, began, took, response, error }: Exchange): unknown => {
  const url = withoutCredentials(new URL(request.url));
  const text = bodyText(request.body);
  const sent = redactStrings({
    request: {
      method: request.method,
      url: url.href,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: headerList(request.headers),
      queryString: [...url.searchParams].map(([name, value]) => ({ name, value })),
      ...(request.body !== undefined && {
        postData: { mimeType: request.headers['content-type'] ?? '', ...(text ?? { text: '' }) },
      }),
      headersSize: -1,
      bodySize: request.body === undefined ? 0 : Buffer.byteLength(request.body),
    },
    response: response ? answer(response) : { ...NO_ANSWER, _error: messageOf(error) },
    ...(request.sender?.label !== undefined && { comment: request.sender.label }),
  });
  const timings = { send: 0, wait: took, receive: 0 };
  return { startedDateTime: new Date(began).toISOString(), time: took, ...sent, cache: {}, timings };
};

/** How the format says that none came. */
const NO_ANSWER = {
  status: 0,
  statusText: '',
  httpVersion: 'HTTP/1.1',
  cookies: [],
  headers: [],
  content: { size: 0, mimeType: '' },
  redirectURL: '',
  headersSize: -1,
  bodySize: -1,
};

const answer = ({ status, headers, bytes }: WireResponse) => ({
  ...NO_ANSWER,
  status,
  statusText: STATUS_CODES[status] ?? '',
  headers: headerList(headers),
  content: { size: bytes.length, mimeType: headers['content-type'] ?? '', ...bodyText(bytes) },
  redirectURL: headers['location'] ?? '',
});

const headerList = (headers: HttpHeaders) =>
  Object.entries(headers).map(([name, value]) => ({ name, value: CREDENTIAL_HEADERS.has(name) ? HIDDEN : value }));

/** UTF-16 may pass for UTF-8, and no secret would be seen in it. */
const isText = (body: Uint8Array): boolean => isUtf8(body) && !body.includes(0);

const bodyText = (body: string | Uint8Array | undefined): { text?: string; comment?: string } | undefined => {
  if (body === undefined) return undefined;
  if (typeof body !== 'string' && !isText(body)) return { comment: `${body.length} bytes that are no text` };
  // First as a whole: at the cut, half a secret would not be known for one.
  const text = redactStrings(typeof body === 'string' ? body : Buffer.from(body).toString());
  if (text.length <= LONGEST) return { text };
  return { text: text.slice(0, LONGEST), comment: `cut: the body has ${text.length} characters` };
};
