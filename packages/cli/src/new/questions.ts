import type { Readable, Writable } from 'node:stream';

import { type CANCEL_SYMBOL, isCancel, multiselect, select, text } from '@clack/prompts';

import type { AuthPlan, PaginationPlan } from '../plan/plan.ts';
import { parseAuth } from './auth-flag.ts';
import type { StreamChoice } from './make-plan.ts';
import { nameFromUrl, sourceName, whyNotName } from './name.ts';
import { whyNotBaseUrl, type NewOptions } from './options.ts';
import { parsePagination } from './pagination-flag.ts';

/** The person has left the questions with Ctrl-C or Escape. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

export interface Desk {
  readonly input: Readable;
  readonly output: Writable;
  /** Takes the question away, as if the person had left. */
  readonly signal?: AbortSignal;
}

const answer = async <T extends string | readonly string[]>(asked: Promise<T | typeof CANCEL_SYMBOL>): Promise<T> => {
  const given = await asked;
  if (isCancel(given)) throw new CancelledError();
  return given;
};

/** Asks where the connector is to come from, and what cannot be known from there; never what a flag has said. */
export const askSource = async (options: NewOptions, desk: Desk): Promise<NewOptions> => {
  const kind = options.kind ?? (await askKind(desk));
  if (kind === 'openapi') {
    const openapi = options.openapi ?? (await askText('Where is the OpenAPI description (file or URL)?', desk));
    return { ...options, kind, openapi };
  }
  if (kind === 'from-response') {
    const message = 'Where are the sample responses (files, HAR files or URLs, with spaces between)?';
    const fromResponse = options.fromResponse ?? (await askText(message, desk)).trim().split(/\s+/);
    return { ...options, kind, fromResponse };
  }
  const baseUrl = options.baseUrl ?? (await askBaseUrl(desk));
  const auth = options.auth ?? (await askAuth(desk));
  const pagination = options.pagination ?? (await askPagination(desk));
  return { ...options, kind, baseUrl, auth, pagination };
};

/** Asks which of the streams that were found to keep. */
export const askStreams = (choices: readonly StreamChoice[], desk: Desk): Promise<readonly string[]> =>
  answer(
    multiselect({
      message: `Which of these ${choices.length} streams do you want?`,
      options: choices.map(({ name, hint }) => ({ value: name, hint })),
      initialValues: choices.flatMap(({ name, taken }) => (taken ? [name] : [])),
      required: true,
      maxItems: 15,
      ...desk,
    }),
  );

export const askName = (proposal: string, desk: Desk): Promise<string> =>
  askText('What is the connector called?', desk, { initialValue: proposal, validate: (name = '') => whyNotName(name) });

/** What a connector is called unless somebody says otherwise. */
export const proposeName = ({ baseUrl, title }: { readonly baseUrl?: string; readonly title?: string }): string =>
  sourceName(title ?? nameFromUrl(baseUrl ?? '') ?? 'example');

const askKind = (desk: Desk) =>
  answer(
    select({
      message: 'What do you start from?',
      options: [
        { value: 'source-http' as const, label: 'The base URL of an API', hint: 'two streams to begin with' },
        { value: 'openapi' as const, label: 'An OpenAPI description', hint: 'a stream for each list it has' },
        { value: 'from-response' as const, label: 'Sample responses', hint: 'JSON files, a HAR file, or URLs' },
      ],
      ...desk,
    }),
  );

const askBaseUrl = (desk: Desk): Promise<string> =>
  askText('What is the base URL of the API?', desk, {
    placeholder: 'https://api.example.com/v1',
    validate: (url = '') => whyNotBaseUrl(url),
  });

const askAuth = async (desk: Desk): Promise<AuthPlan> => {
  const kind = await answer(
    select({
      message: 'How does the API know who asks?',
      options: [
        { value: 'bearer', label: 'Bearer token', hint: 'Authorization: Bearer …' },
        { value: 'api-key-header', label: 'API key in a header' },
        { value: 'api-key-query', label: 'API key in the query' },
        { value: 'basic', label: 'User name and password' },
        { value: 'oauth2-client-credentials', label: 'OAuth 2.0, client credentials' },
        { value: 'oauth2-refresh-token', label: 'OAuth 2.0, consent of a person' },
        { value: 'none', label: 'Not at all' },
      ],
      ...desk,
    }),
  );
  if (kind === 'api-key-header') {
    return parseAuth(`${kind}:${await askText('Which header?', desk, { initialValue: 'X-API-Key' })}`, {});
  }
  if (kind === 'api-key-query') {
    return parseAuth(`${kind}:${await askText('Which parameter?', desk, { initialValue: 'api_key' })}`, {});
  }
  if (!kind.startsWith('oauth2')) return parseAuth(kind, {});
  const tokenUrl = await askUrl('What is the URL where tokens are given?', desk);
  if (kind === 'oauth2-client-credentials') return parseAuth(kind, { tokenUrl });
  return parseAuth(kind, { tokenUrl, consentUrl: await askUrl('What is the URL where consent is given?', desk) });
};

const askPagination = async (desk: Desk): Promise<PaginationPlan> => {
  const kind = await answer(
    select({
      message: 'How does a list go on to its next page?',
      options: [
        { value: 'none', label: 'It has one page' },
        { value: 'link-header', label: 'Link header', hint: 'rel="next"' },
        { value: 'next-url', label: 'URL of the next page in the answer' },
        { value: 'cursor', label: 'Cursor in the answer' },
        { value: 'page-number', label: 'Page number', hint: '?page=2' },
        { value: 'offset', label: 'Offset and limit', hint: '?offset=100&limit=100' },
      ],
      ...desk,
    }),
  );
  const place = { 'next-url': '$.next', cursor: '$.next_cursor' }[kind];
  if (place === undefined) return parsePagination(kind);
  return parsePagination(`${kind}:from=${await askText('Where in the answer is it?', desk, { initialValue: place })}`);
};

const askUrl = (message: string, desk: Desk): Promise<string> =>
  askText(message, desk, { validate: (url = '') => (URL.canParse(url) ? undefined : `"${url}" is no URL.`) });

const askText = (
  message: string,
  desk: Desk,
  more: Partial<Pick<Parameters<typeof text>[0], 'initialValue' | 'placeholder' | 'validate'>> = {},
): Promise<string> =>
  answer(
    text({ message, validate: (said = '') => (said.trim() ? undefined : 'Please say something.'), ...more, ...desk }),
  );
