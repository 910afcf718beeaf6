import { generate } from 'selfsigned';

export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

const DAY = 86_400_000;

/** For 127.0.0.1, signed by itself. */
export const selfSigned = async (): Promise<KeyPair> => issue('127.0.0.1', {});

/** An authority of its own, to be trusted by way of `NODE_EXTRA_CA_CERTS`. */
export const authority = async (): Promise<KeyPair> => {
  const made = await generate([{ name: 'commonName', value: 'Test authority' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  return { key: made.private, cert: made.cert };
};

/** A certificate for an address that `ca` signs, or itself without one; an expired one has been so for a day. */
export const issue = async (
  ip: string,
  { ca, expired = false }: { readonly ca?: KeyPair; readonly expired?: boolean },
): Promise<KeyPair> => {
  const end = Date.now() + (expired ? -DAY : DAY);
  const made = await generate([{ name: 'commonName', value: 'Test server' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(end - 10 * DAY),
    notAfterDate: new Date(end),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip }] }],
    ...(ca && { ca: { key: ca.key, cert: ca.cert } }),
  });
  return { key: made.private, cert: made.cert };
};
