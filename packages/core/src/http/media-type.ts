import type { WireResponse } from './types.ts';

/** The media type of an answer without its parameters, in lower case; empty when the API does not say. */
export const mediaTypeOf = ({ headers }: Pick<WireResponse, 'headers'>): string =>
  (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();

/** The character set an answer says it is written in, in lower case. */
export const charsetOf = ({ headers }: Pick<WireResponse, 'headers'>): string | undefined =>
  /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1]?.toLowerCase();
