/** What an authorization server gave. */
export interface Oauth2Tokens {
  readonly accessToken: string;
  /** The refresh token to use from now on: the new one where the server rotates them. Undefined for grants without. */
  readonly refreshToken?: string;
  /** Undefined when the server does not say: the access token is used until it is refused. */
  readonly expiresAt?: Date;
  readonly obtainedAt?: Date;
}

/** Whether an access token may still be used at `now`, with a margin that is at most half of its lifetime. */
export const isUsable = (tokens: Oauth2Tokens, now: number, margin: number): boolean =>
  now < usableUntil(tokens, margin);

/** Milliseconds since the epoch from when on an access token is not used any more; infinite where that is not known. */
export const usableUntil = ({ expiresAt, obtainedAt }: Oauth2Tokens, margin: number): number => {
  if (expiresAt === undefined) return Infinity;
  const lifetime = obtainedAt === undefined ? Infinity : expiresAt.getTime() - obtainedAt.getTime();
  return expiresAt.getTime() - Math.min(margin, lifetime / 2);
};
