import { maxHeaderSize } from 'node:http';
import type { FailureType } from '../errors.ts';
import { excerpt } from '../output/redact.ts';

/** As Node's HTTP parser throws it; got hands it on as a cause. */
interface ParserError {
  readonly code?: string;
  readonly message: string;
  readonly cause?: unknown;
  /** What came last on the connection, and how far it could be read. */
  readonly rawPacket?: unknown;
  readonly bytesParsed?: number;
}

interface Problem {
  /** What is wrong with the answer, and what to do. */
  readonly what: string;
  readonly failureType: FailureType;
}

/** An answer that is no HTTP, in words; undefined for an error that does not come from Node's HTTP parser. */
export const malformedAnswer = (error: ParserError): Problem | undefined => {
  const { code = '', message } = error;
  if (!code.startsWith('HPE_')) return undefined;
  if (code === 'HPE_HEADER_OVERFLOW') return overflow;
  const { rawPacket, bytesParsed } = (error.rawPacket === undefined ? (error.cause ?? error) : error) as ParserError;
  const came = rawPacket instanceof Uint8Array ? Buffer.from(rawPacket) : Buffer.alloc(0);
  if (isTls(came)) return spokeTls;
  if (code === 'HPE_CLOSED_CONNECTION') return tooMuch;
  if (code === 'HPE_INVALID_CONSTANT' && came.length > 0) return bytesParsed === 0 ? notHttp(came) : tooMuch;
  const reason = message.replace(/^Parse Error: /, '').replace(/\.$/, '');
  return {
    what: `the answer is malformed HTTP (${reason}). The fault is the server's, or that of a proxy on the way`,
    failureType: 'transient_error',
  };
};

/** It would be as large the next time. */
const overflow: Problem = {
  what:
    `the headers of the answer are larger than ${maxHeaderSize} bytes. If the API needs so many, allow them with ` +
    `NODE_OPTIONS=--max-http-header-size=${maxHeaderSize * 4}`,
  failureType: 'system_error',
};

const spokeTls: Problem = {
  what: 'the server speaks TLS at this address, and the URL says http. Check the scheme and the port of the URL',
  failureType: 'config_error',
};

/** Also when bytes of an earlier answer on the same connection are left: then another connection helps. */
const tooMuch: Problem = {
  what: "more came than the whole answer. The fault is the server's, or that of a proxy on the way",
  failureType: 'transient_error',
};

const notHttp = (came: Buffer): Problem => ({
  what: `the server does not speak HTTP at this address: its answer begins with ${shown(came)}. Check the port of the URL`,
  failureType: 'transient_error',
});

/** A TLS record (RFC 8446, section 5.1): an alert or a handshake, then the version. */
const isTls = ([type, major]: Uint8Array): boolean => (type === 0x15 || type === 0x16) && major === 3;

/** The first line where it is text, else the first bytes. */
const shown = (came: Buffer): string => {
  const [line = ''] = came
    .subarray(0, 4096)
    .toString('latin1')
    .split(/[\r\n]/);
  if (/^[\x20-\x7e]+$/.test(line.slice(0, 60))) return JSON.stringify(excerpt(line, 60));
  return `the bytes ${came
    .subarray(0, 8)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ')}`;
};
