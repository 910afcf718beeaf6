import { randomUUID } from 'node:crypto';
import { generate } from 'selfsigned';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Certificate {
  /** A certificate signed by this authority. */
  issue(options?: IssueOptions): Promise<Certificate>;
}

export interface IssueOptions {
  readonly name?: string;
  readonly from?: Date;
  readonly until?: Date;
  readonly ca?: { readonly cert: string; readonly key: string };
}

const certificate = async (
  { name = 'localhost', from, until, ca }: IssueOptions,
  isAuthority = false,
): Promise<Certificate> => {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(from && { notBeforeDate: from }),
    ...(until && { notAfterDate: until }),
    ...(ca && { ca }),
    extensions: [
      { name: 'basicConstraints', cA: isAuthority, critical: true },
      ...(isAuthority ? [] : [{ name: 'subjectAltName' as const, altNames: [{ type: 2 as const, value: name }] }]),
    ],
  });
  return { cert: made.cert, key: made.private };
};

/** A certificate for `localhost` that only itself vouches for. */
export const selfSigned = (): Promise<Certificate> => certificate({});

export const authority = async (): Promise<Authority> => {
  // Authorities of one name would be taken for each other.
  const ca = await certificate({ name: `Test authority ${randomUUID()}` }, true);
  return { ...ca, issue: (options = {}) => certificate({ ...options, ca }) };
};
