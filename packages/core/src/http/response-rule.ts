import type { FailureType } from '../errors.ts';
import type { Verdict, WireResponse } from './types.ts';

/** Says what an answer means that the table of statuses gets wrong. All conditions it names have to hold. */
export interface ResponseRule {
  /**
   * One status, or any of several.
   *
   * @default any status
   */
  readonly status?: number | readonly number[];
  /**
   * A header by its name, there at all, or with a value that equals a text or matches an expression.
   *
   * @default any headers
   */
  readonly header?: { readonly name: string; readonly value?: string | RegExp };
  /**
   * What the body, read as UTF-8, contains.
   *
   * @default any body
   */
  readonly text?: string | RegExp;
  /**
   * Anything else.
   *
   * @default no further condition
   */
  readonly when?: (response: WireResponse) => boolean;
  readonly verdict: Verdict;
  /**
   * Who has to act when this ends the work.
   *
   * @default what the table says where the verdict is the table's; else `transient_error` for `retry` and
   *   `rate-limited`, `config_error` for `refresh-token`, `system_error` for `fail`
   */
  readonly failureType?: FailureType;
  /**
   * What the person who runs the connector reads behind the answer, e.g. `Enable the API in your account settings.`
   *
   * @default the remedy of the table where the verdict is the table's; else nothing
   */
  readonly message?: string;
}

/** Whether all conditions of a rule hold; the cheap ones are asked first. */
export const matchesRule = ({ status, header, text, when }: ResponseRule, response: WireResponse): boolean => {
  if (status !== undefined && !(typeof status === 'number' ? [status] : status).includes(response.status)) return false;
  if (header !== undefined) {
    const value = response.headers[header.name.toLowerCase()];
    if (value === undefined || !(header.value === undefined || contains(value, header.value, true))) return false;
  }
  if (text !== undefined && !contains(Buffer.from(response.bytes).toString(), text, false)) return false;
  return when?.(response) ?? true;
};

const contains = (value: string, wanted: string | RegExp, whole: boolean): boolean => {
  if (typeof wanted === 'string') return whole ? value === wanted : value.includes(wanted);
  // `search`, unlike `test`, begins anew each time, also with the flag g.
  return value.search(wanted) >= 0;
};
