import { createClient, HeadwaterError, HttpStatusError, registerSecret } from '@headwater/core';

import { CommandError } from '../command-error.ts';
import type { Answer } from './answer.ts';
import { authOfHeaders, authOfUrl, cleanHeaders, withoutCredentials } from './credentials.ts';
import { parseJsonText } from './json-text.ts';

/**
 * Asks for a URL once or, where the answer looks temporary, a second time.
 *
 * @throws CommandError with the status or the failure; no header's value is in it
 */
export const fetchAnswer = async (address: string, headers: Readonly<Record<string, string>>): Promise<Answer> => {
  if (!URL.canParse(address)) throw new CommandError(`${hideQuery(address)}: not a URL. Give it with its host.`);
  const asked = new URL(address);
  const url = withoutCredentials(asked);
  const username = decodeURIComponent(asked.username);
  const password = decodeURIComponent(asked.password);
  const credential = Buffer.from(`${username}:${password}`).toString('base64');
  const secrets = [
    ...Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/).slice(1)]),
    ...[...asked.searchParams].filter(([name]) => !url.searchParams.has(name)).map(([, value]) => value),
    ...(password === '' ? [] : [password, credential]),
  ];
  for (const secret of secrets) registerSecret(secret);
  const plain = new URL(asked);
  [plain.username, plain.password, plain.hash] = ['', '', ''];

  const send = createClient({ retry: { attempts: 2, maxWait: 10_000, rateLimitTime: 10_000 } });
  const sent = {
    accept: 'application/json',
    ...((username !== '' || password !== '') && { authorization: `Basic ${credential}` }),
    ...headers,
  };
  try {
    const answer = await send({ method: 'GET', url: plain.href, headers: sent });
    const text = Buffer.from(answer.bytes)
      .toString('utf8')
      .replace(/^\uFEFF/, '');
    const contentType = answer.headers['content-type'];
    const body = await parseJsonText({ label: url.href, text, contentType });
    const auth = authOfHeaders(headers) ?? authOfUrl(asked);
    return { label: url.href, url, name: 'records', headers: cleanHeaders(answer.headers), body, auth };
  } catch (error) {
    if (!(error instanceof HeadwaterError)) throw error;
    throw new CommandError(`${url.href}: ${tell(error, secrets)}`);
  }
};

/** Without its cause: that one has the request with all it was sent with. */
const tell = (error: HeadwaterError, secrets: readonly string[]): string => {
  if (error instanceof HttpStatusError) {
    const { status } = error;
    const hint =
      status === 401 || status === 403 ? 'Give a credential: --header "Authorization: Bearer …".' : 'Correct the URL.';
    return `it was answered with ${status}. ${hint}`;
  }
  return secrets.reduce((text, secret) => text.replaceAll(secret, '****'), error.message);
};

const hideQuery = (address: string): string => address.replace(/\?.*$/s, '?…').replace(/\/\/[^/@]*@/, '//');
