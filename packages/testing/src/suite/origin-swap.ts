import type { IncomingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

/** Turns links to an API into links to its proxy, and back. */
export interface OriginSwap {
  readonly toProxy: (text: string) => string;
  readonly toApi: (text: string) => string;
  /** The bytes of an answer for the connector; `decoded` when they are no longer compressed. */
  readonly body: (
    bytes: Buffer,
    headers: IncomingHttpHeaders,
  ) => Promise<{ readonly bytes: Buffer; readonly decoded: boolean }>;
}

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: promisify(inflate),
};
const TEXT = /json|text|xml|javascript|urlencoded|csv|graphql/i;

export const originSwap = (api: string, proxy: string): OriginSwap => {
  const toProxy = replacer(api, proxy);
  return {
    toProxy,
    toApi: replacer(proxy, api),
    async body(bytes, headers) {
      const untouched = { bytes, decoded: false };
      if (bytes.length === 0 || !TEXT.test(headers['content-type'] ?? 'text')) return untouched;
      const encoding = headers['content-encoding'] ?? 'identity';
      const decode = encoding === 'identity' ? undefined : DECODERS[encoding];
      if (encoding !== 'identity' && decode === undefined) return untouched;
      const plain = decode === undefined ? bytes : await decode(bytes);
      // Byte by byte, so that no other encoding of text is harmed.
      const text = plain.toString('latin1');
      const swapped = toProxy(text);
      return swapped === text ? untouched : { bytes: Buffer.from(swapped, 'latin1'), decoded: decode !== undefined };
    },
  };
};

/** Plain, with slashes escaped as some write JSON, and percent-encoded. */
const FORMS: readonly ((origin: string) => string)[] = [
  (origin) => origin,
  (origin) => origin.replaceAll('/', '\\/'),
  encodeURIComponent,
];

const replacer = (from: string, to: string) => {
  const pairs = FORMS.map((form) => {
    const literal = form(from).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    // Not the beginning of another host name, or of another port.
    return [new RegExp(`${literal}(?![\\w-]|\\.\\w|:\\d|%3A\\d)`, 'gi'), form(to)] as const;
  });
  return (text: string): string =>
    pairs.reduce((changed, [pattern, other]) => changed.replace(pattern, () => other), text);
};
