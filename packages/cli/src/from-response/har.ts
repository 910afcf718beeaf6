import { CommandError } from '../command-error.ts';
import { isJsonObject } from '../types/read-document.ts';
import type { Answer, Samples } from './answer.ts';
import { authOfHeaders, authOfUrl, cleanHeaders, withoutCredentials } from './credentials.ts';
import { parseJsonText } from './json-text.ts';

/** Whether a document is an HTTP Archive. */
export const isHar = (document: unknown): boolean =>
  isJsonObject(document) && isJsonObject(document['log']) && Array.isArray(document['log']['entries']);

/**
 * The JSON answers of an HTTP Archive 1.2, in their order.
 *
 * What is no successful GET or no JSON is left out. @throws CommandError when nothing remains
 */
export const readHar = async (file: string, document: unknown): Promise<Samples> => {
  const entries = (document as { readonly log: { readonly entries: readonly unknown[] } }).log.entries;
  const answers: Answer[] = [];
  const leftOut: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const read = await readEntry(`${file}: entry ${index + 1}`, entry);
    if (typeof read === 'string') leftOut.push(read);
    else if (read !== undefined) answers.push(read);
  }
  if (answers.length === 0) {
    const why = leftOut.length === 0 ? '' : ` ${leftOut.slice(0, 3).join(' ')}`;
    throw new CommandError(
      `${file}: none of its ${entries.length} entries is a successful GET with a JSON body.${why} ` +
        'Record the calls of the API itself, and export with the content of answers.',
    );
  }
  return { answers, leftOut, isHar: true };
};

/** The answer, the reason to leave it out, or nothing for what no one would expect to be used. */
const readEntry = async (place: string, entry: unknown): Promise<Answer | string | undefined> => {
  const request = memberOf(entry, 'request');
  const response = memberOf(entry, 'response');
  const content = memberOf(response, 'content');
  const { method, url: address } = request;
  if (typeof address !== 'string' || !URL.canParse(address)) return `${place} has no URL.`;
  const asked = new URL(address);
  const url = withoutCredentials(asked);
  const label = `${place} (${String(method)} ${url.origin}${url.pathname})`;
  const status = Number(response['status']);
  const type = typeof content['mimeType'] === 'string' ? content['mimeType'] : '';
  if (!/^https?:$/.test(url.protocol) || (type !== '' && !/json/i.test(type))) return undefined;
  if (status < 200 || status > 299) return `${label} was answered with ${status}.`;
  if (method !== 'GET') return `${label} is no GET: write that stream by hand.`;
  const text = textOf(content);
  if (text === undefined || text === '') return `${label} was saved without its content.`;
  if (type === '' && !/^\s*[[{]/.test(text)) return undefined;
  const headers = cleanHeaders(headersOf(response));
  const auth = authOfHeaders(headersOf(request)) ?? authOfUrl(asked);
  try {
    return {
      label,
      url,
      name: 'records',
      headers,
      auth,
      body: await parseJsonText({ label, text, contentType: type }),
    };
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
};

const memberOf = (value: unknown, name: string): { readonly [key: string]: unknown } => {
  const member = isJsonObject(value) ? value[name] : undefined;
  return isJsonObject(member) ? member : {};
};

const textOf = ({ text, encoding }: { readonly [key: string]: unknown }): string | undefined => {
  if (typeof text !== 'string') return undefined;
  return encoding === 'base64' ? Buffer.from(text, 'base64').toString('utf8') : text;
};

const headersOf = ({ headers }: { readonly [key: string]: unknown }): Record<string, string> => {
  const all: Record<string, string> = {};
  for (const header of Array.isArray(headers) ? (headers as readonly unknown[]) : []) {
    if (!isJsonObject(header)) continue;
    const { name, value } = header;
    if (typeof name === 'string' && typeof value === 'string') all[name.toLowerCase()] = value;
  }
  return all;
};
