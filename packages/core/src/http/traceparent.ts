import { randomBytes } from 'node:crypto';

/** What a `traceparent` header says that concerns the requests below it. */
export interface TraceParent {
  /** 32 hexadecimal digits in lower case. */
  readonly traceId: string;
  /** 16 hexadecimal digits in lower case: the caller's span. Undefined for a trace that begins here. */
  readonly parentId?: string;
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
  return { traceId, parentId, sampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
};

/** A `traceparent` of version 00. */
export const formatTraceparent = ({ traceId, parentId, sampled }: Required<TraceParent>): string =>
  `00-${traceId}-${parentId}-0${sampled ? SAMPLED : 0}`;

/** A `traceparent` for one more request of the trace: each call has a parent id of its own. */
export const childTraceparent = ({ traceId, sampled }: TraceParent): string =>
  formatTraceparent({ traceId, parentId: randomHex(8), sampled });

export const newTraceParent = (): TraceParent => ({ traceId: randomHex(16), sampled: true });

/** Never all zeros, which the standard forbids. */
const randomHex = (bytes: number): string => {
  const text = randomBytes(bytes).toString('hex');
  return ZEROS.test(text) ? randomHex(bytes) : text;
};
