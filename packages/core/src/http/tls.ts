import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import * as tls from 'node:tls';
import { InputFileError, messageOf } from '../errors.ts';
import { registerSecret } from '../output/redact.ts';

/** Each certificate or key is a PEM text, or the path of a PEM file. */
export interface TlsOptions {
  /**
   * Certificate authorities to trust besides those that Node trusts already, `NODE_EXTRA_CA_CERTS` included.
   *
   * @default none
   */
  readonly ca?: string | readonly string[];
  /**
   * The certificate this client shows to a server that asks for one (mTLS), with its chain.
   *
   * @default none
   */
  readonly cert?: string;
  /**
   * The private key of `cert`.
   *
   * @default none
   */
  readonly key?: string;
  /**
   * Opens an encrypted `key`.
   *
   * @default none
   */
  readonly passphrase?: string;
  /**
   * False connects to servers whose certificate proves nothing, and logs a warning. Better give the right `ca`.
   *
   * @default true
   */
  readonly rejectUnauthorized?: boolean;
}

/** What the agents need to know, made once: parsing the authorities anew for each connection takes milliseconds. */
export interface TlsSettings {
  readonly secureContext?: tls.SecureContext;
  readonly rejectUnauthorized?: false;
}

/** @throws InputFileError when a file cannot be read, or a certificate or key is none */
export const openTls = async (options: TlsOptions = {}): Promise<TlsSettings> => {
  const { ca = [], cert, key, passphrase, rejectUnauthorized = true } = options;
  const settings: TlsSettings = rejectUnauthorized ? {} : { rejectUnauthorized };
  const own = await Promise.all([ca].flat().map((item) => pem('ca', item)));
  if (own.length === 0 && cert === undefined && key === undefined) return settings;
  if (passphrase !== undefined) registerSecret(passphrase);

  const context: tls.SecureContextOptions = {
    ...(own.length > 0 && { ca: [...(await trustedByNode()), ...own] }),
    ...(cert !== undefined && { cert: await pem('cert', cert) }),
    ...(key !== undefined && { key: await pem('key', key) }),
    ...(passphrase !== undefined && { passphrase }),
  };
  try {
    return { ...settings, secureContext: tls.createSecureContext(context) };
  } catch (cause) {
    throw new InputFileError(
      `http.tls: the certificates and the key cannot be used: ${messageOf(cause)} ` +
        `Give PEM texts, or paths of PEM files, that belong together.`,
      { cause },
    );
  }
};

/** Begins a connection to the server of an https URL; the options say everything but where it is. */
export const connectTls = (url: URL, options: tls.ConnectionOptions): tls.TLSSocket =>
  tls.connect({ ...options, ...serverOf(url) });

/** The server of an https URL, as `tls.connect` is told of it. */
export const serverOf = ({ hostname, port }: URL) => {
  const host = hostname.replace(/^\[|\]$/g, '');
  return { host, port: Number(port || 443), servername: isIP(host) ? '' : host };
};

/**
 * The PEM text of an option, which may be the path of a file.
 *
 * @throws InputFileError when the file cannot be read, or is none
 */
export const pem = async (option: string, value: string): Promise<string> => {
  const text = value.includes('-----BEGIN') ? value : await readPem(option, value);
  if (text.includes('-----BEGIN')) return text;
  throw new InputFileError(`http.tls.${option}: ${value} is not a PEM file. It begins with "-----BEGIN".`);
};

const readPem = async (option: string, path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new InputFileError(`http.tls.${option}: cannot read ${path}: ${messageOf(cause)}`, { cause });
  }
};

/** Naming any authority makes Node forget its own, so they are named too. */
const trustedByNode = async (): Promise<readonly string[]> => {
  // Since Node 22.15; it knows NODE_EXTRA_CA_CERTS and --use-system-ca too.
  const { getCACertificates } = tls as { readonly getCACertificates?: () => string[] };
  if (getCACertificates) return getCACertificates();
  const { NODE_EXTRA_CA_CERTS: extra } = process.env;
  // As Node does: a file that cannot be read is ignored.
  const added = extra ? await readFile(extra, 'utf8').catch(() => '') : '';
  return added === '' ? tls.rootCertificates : [...tls.rootCertificates, added];
};
