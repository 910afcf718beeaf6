import { randomBytes } from 'node:crypto';

/** What a `traceparent` header says that concerns the requests below it. */
export interface TraceParent {
  /** 32 hexadecimal digits in lower case. */
  readonly traceId: string;
  /** Whether the caller records this trace. */
  readonly sampled: boolean;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZEROS = /^0+$/;
const SAMPLED = 1;

/** Reads a W3C `traceparent` of version 00 or later; undefined for one that the standard tells to ignore. */
export const parseTraceparent = (text: string): TraceParent | undefined => {
  const [, version, traceId = '', parentId = '', flags = '', more] = TRACEPARENT.exec(text.trim()) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (ZEROS.test(traceId) || ZEROS.test(parentId)) return undefined;
  return { traceId, sampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
};

/** A `traceparent` of version 00 for one more request of the trace: each call has a parent id of its own. */
export const childTraceparent = ({ traceId, sampled }: TraceParent): string =>
  `00-${traceId}-${randomHex(8)}-0${sampled ? SAMPLED : 0}`;

export const newTraceParent = (): TraceParent => ({ traceId: randomHex(16), sampled: true });

/** Never all zeros, which the standard forbids. */
const randomHex = (bytes: number): string => {
  const text = randomBytes(bytes).toString('hex');
  return ZEROS.test(text) ? randomHex(bytes) : text;
};
