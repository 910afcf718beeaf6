import type { AuthPlan, PaginationPlan } from '../plan/plan.ts';

/** What a connector is made from. */
export const KINDS = ['source-http', 'openapi', 'from-response'] as const;

export type Kind = (typeof KINDS)[number];

/** What is known of a connector to be made: said by flags, or answered. */
export interface NewOptions {
  readonly name?: string;
  readonly kind?: Kind;
  /** A file or a URL. */
  readonly openapi?: string;
  /** Files, URLs, HAR files. */
  readonly fromResponse?: readonly string[];
  /** Sent with the requests to URLs, each as `Name: value`. */
  readonly header?: readonly string[];
  /** Those to keep, of what a description offers. */
  readonly streams?: readonly string[];
  readonly title?: string;
  readonly baseUrl?: string;
  readonly auth?: AuthPlan;
  readonly pagination?: PaginationPlan;
  readonly directory?: string;
  /** A folder with tarballs of the kit. */
  readonly kit?: string;
  readonly yes: boolean;
  readonly install: boolean;
  readonly test: boolean;
  readonly json: boolean;
}

/** Why a text is no base URL; undefined for one that is. */
export const whyNotBaseUrl = (text: string): string | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return `"${text}" is no URL. One looks like https://api.example.com/v1.`;
  if (url.username || url.password) return 'The base URL must not hold a password. The config asks for credentials.';
  if (url.search || url.hash) return `The base URL must end before "${url.search || url.hash}".`;
  return undefined;
};
