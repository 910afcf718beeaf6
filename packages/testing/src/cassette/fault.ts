import type { HttpRequest, WireResponse, WireSeam } from '@headwater/core';
import { CassetteError } from './cassette-error.ts';

/** What one request of a replay meets before its recorded answer. */
export interface CassetteFault {
  readonly kind: '429' | '500' | '503' | 'reset' | 'truncate';
  /** Which request on the wire of this process, from 1. */
  readonly position: number;
}

const FAULT = /^(429|500|503|reset|truncate)@([1-9]\d{0,8})$/;

/** @throws CassetteError when the text is none */
export const parseFault = (text: string): CassetteFault => {
  const [, kind, position] = FAULT.exec(text) ?? [];
  if (kind !== undefined) return { kind: kind as CassetteFault['kind'], position: Number(position) };
  throw new CassetteError(
    `HEADWATER_CASSETTE_FAULT: "${text}" is no fault. Give KIND@N: one of 429, 500, 503, reset, truncate, and which ` +
      `request on the wire it hits, from 1.`,
  );
};

/**
 * The answer in the place of the recorded one. Where the stream itself reads the body within the retry, a truncated one
 * has half of its JSON; elsewhere the wire would have told of the broken connection.
 *
 * @throws the error of a broken connection
 */
export const faultyAnswer = (
  { kind }: CassetteFault,
  request: HttpRequest,
  seam: WireSeam,
  recorded: () => WireResponse,
): WireResponse => {
  if (kind === 'reset') throw seam.brokenConnection(request);
  if (kind === 'truncate') {
    const answer = request.sender?.read ? recorded() : undefined;
    const first = answer?.bytes[0];
    if (!answer || answer.status >= 300 || (first !== BRACE && first !== BRACKET)) throw seam.brokenConnection(request);
    return { ...answer, bytes: answer.bytes.subarray(0, Math.floor(answer.bytes.length / 2)) };
  }
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    ...(kind === '429' && { 'retry-after': '0.001' }),
  };
  const bytes = Buffer.from(`{"message":"A fault of HEADWATER_CASSETTE_FAULT."}`);
  return { request, status: Number(kind), headers, url: request.url, bytes };
};

const BRACE = 0x7b;
const BRACKET = 0x5b;
