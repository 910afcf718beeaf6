import { isIPv4, isIPv6 } from 'node:net';

/** The formats a schema may name, in the order they are looked for; no text has two of them but for odd ones. */
export const FORMATS = ['date-time', 'date', 'time', 'uuid', 'email', 'uri', 'ipv4', 'ipv6'] as const;
export type Format = (typeof FORMATS)[number];

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
/** An e-mail address that any checker accepts. */
export const EMAIL = new RegExp(`^[a-z0-9_+-]+(?:\\.[a-z0-9_+-]+)*@(?:${LABEL}\\.)+${LABEL}$`, 'i');
const URI =
  /^(?:https?|ftp):\/\/[a-z0-9.-]+(?::\d{1,5})?(?:[/?](?:[a-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9a-f]{2})*)?(?:#[a-z0-9\-._~!$&'()*+,;=:@/?]*)?$/i;

const isDate = (text: string): boolean => {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (year === undefined) return false;
  const last = new Date(Date.UTC(2000, Number(month), 0));
  last.setUTCFullYear(Number(year), Number(month), 0);
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= last.getUTCDate();
};

const isDateTime = (text: string): boolean => {
  const [date = '', time, ...rest] = text.split(/[t ]/i);
  return time !== undefined && rest.length === 0 && isDate(date) && TIME.test(time);
};

const CHECKS: Readonly<Record<Format, (text: string) => boolean>> = {
  'date-time': isDateTime,
  date: isDate,
  time: (text) => TIME.test(text),
  uuid: (text) => UUID.test(text),
  email: (text) => EMAIL.test(text),
  uri: (text) => text.length < 2000 && URI.test(text) && URL.canParse(text),
  ipv4: isIPv4,
  ipv6: (text) => isIPv6(text) && !text.includes('%'),
};

/** The format of a text, undefined for plain text. Stricter than most checkers, so that none of them refuses. */
export const formatOf = (text: string): Format | undefined =>
  text.length > 2000 ? undefined : FORMATS.find((format) => CHECKS[format](text));
