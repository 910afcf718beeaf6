import { redact } from '../output/redact.ts';

const HIDDEN = '****';

/** Names of query parameters that mostly are credentials, those of signed links among them. */
const CREDENTIAL_PARAMS =
  /^(?:(?:access|refresh|id|auth|session)_?token|token|api[-_]?key|(?:client_?)?secret|password|sig|signature|awsaccesskeyid|x-(?:amz|goog)-(?:signature|credential|security-token))$/i;

/** A URL with user name and password, and query parameters named like credentials, replaced by `****`. */
export const withoutCredentials = (url: URL): URL => {
  const shown = new URL(url);
  if (shown.username !== '') shown.username = HIDDEN;
  if (shown.password !== '') shown.password = HIDDEN;
  for (const name of new Set(shown.searchParams.keys())) {
    if (CREDENTIAL_PARAMS.test(name)) shown.searchParams.set(name, HIDDEN);
  }
  return shown;
};

/** A URL as others may read it: without credentials, and with registered secrets replaced by `****`. */
export const publicUrl = (url: URL): string => redact(withoutCredentials(url).href);

/** A text, with every URL in it as others may read it. */
export const publicText = (text: string): string =>
  redact(text.replace(/https?:\/\/[^\s"'<>()]+/gi, (found) => (URL.canParse(found) ? unlessSame(found) : found)));

/** A URL that hides nothing stays as it was written. */
const unlessSame = (found: string): string => {
  const url = new URL(found);
  const shown = publicUrl(url);
  return shown === url.href ? found : shown;
};
