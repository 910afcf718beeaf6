/**
 * How a server says when a token expires: as the `seconds` it is valid for, a `date` in ISO 8601 or RFC 2822 (UTC where it
 * names no zone), an `epoch` in seconds, an `epoch-milliseconds`, or a date in a format of strftime such as
 * `{ format: '%d.%m.%Y %H:%M' }`, in UTC.
 */
export type ExpiryForm = 'seconds' | 'date' | 'epoch' | 'epoch-milliseconds' | { readonly format: string };

/** What a token endpoint's own words for an expiry come to. */
export type Expiry = { readonly expiresAt: Date | undefined } | 'unreadable';

/** Nothing said, or a lifetime of zero, which some servers give for tokens that do not expire, comes to no date. */
export const readExpiry = async (value: unknown, form: ExpiryForm, now: number): Promise<Expiry> => {
  if (value === undefined || value === null || value === '') return { expiresAt: undefined };
  if (typeof value !== 'string' && typeof value !== 'number') return 'unreadable';
  if (typeof form === 'object') {
    const { utcParse } = await import('d3-time-format');
    return valid(utcParse(form.format)(String(value))?.getTime() ?? NaN);
  }
  if (form === 'date') return valid(Date.parse(inUtc(String(value))));
  const number = Number(value);
  if (!Number.isFinite(number)) return 'unreadable';
  if (number <= 0) return { expiresAt: undefined };
  if (form === 'epoch-milliseconds') return valid(number);
  // Beyond the dates there are, a token is as good as unending.
  const time = form === 'epoch' ? number * 1000 : now + number * 1000;
  return { expiresAt: time > LAST_DATE ? undefined : new Date(time) };
};

const LAST_DATE = 8.64e15;

const valid = (time: number): Expiry =>
  Number.isNaN(new Date(time).getTime()) ? 'unreadable' : { expiresAt: new Date(time) };

/** Node takes a date and time without a zone for local time. */
const inUtc = (text: string): string =>
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?$/.test(text) ? `${text.replace(' ', 'T').replace(',', '.')}Z` : text;
