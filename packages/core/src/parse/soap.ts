import { BodyError, SoapFaultError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import type { Body } from './body.ts';
import { readXml, type XmlOptions } from './xml.ts';

/**
 * What stands in the body of a SOAP answer, 1.1 or 1.2, read as `readXml` does: an object with the response element.
 *
 * Names lose their namespace prefix, which each server chooses as it likes, unless `dropPrefixes` is false.
 *
 * @throws SoapFaultError when the service answered with a Fault; BodyError when the answer is not a SOAP envelope; and
 *   what `readXml` throws
 */
export const unwrapSoap = async (
  body: Body,
  { dropPrefixes = true, ...options }: XmlOptions = {},
): Promise<JsonObject> => {
  const document = await readXml(body, { ...options, dropPrefixes });
  const envelope = memberOf(document, 'Envelope');
  if (envelope === undefined) {
    throw new BodyError(
      `The answer is not a SOAP envelope: its root element is "${Object.keys(document).at(-1)}", not "Envelope".`,
    );
  }
  const content = memberOf(envelope, 'Body');
  if (content === undefined) throw new BodyError('The SOAP envelope has no Body.');
  const fault = memberOf(content, 'Fault');
  if (fault !== undefined) throw faultError(first(fault));
  return isJsonObject(content) ? content : {};
};

/** The member of that name, whatever its prefix. */
const memberOf = (node: unknown, name: string): unknown => {
  if (!isJsonObject(node)) return undefined;
  const key = Object.keys(node).find((candidate) => candidate.slice(candidate.indexOf(':') + 1) === name);
  return key === undefined ? undefined : node[key];
};

const faultError = (fault: unknown): SoapFaultError => {
  const code = memberOf(fault, 'Code');
  const faultCode = textOf(code === undefined ? memberOf(fault, 'faultcode') : deepestCode(code));
  const reason = textOf(memberOf(fault, 'faultstring') ?? first(memberOf(memberOf(fault, 'Reason'), 'Text')));
  const detail = memberOf(fault, 'detail') ?? memberOf(fault, 'Detail');
  const said = reason === '' ? 'without a reason.' : `: ${/[.!?]$/.test(reason) ? reason : `${reason}.`}`;
  const message = `The SOAP service answered with the fault ${faultCode || '(no code)'}${said.startsWith(':') ? '' : ' '}${said}`;
  return new SoapFaultError(message, faultCode, detail === '' ? undefined : detail);
};

/** SOAP 1.2 nests the codes of the service in the few of the standard. */
const deepestCode = (code: unknown): unknown => {
  const subcode = memberOf(code, 'Subcode');
  return subcode === undefined ? memberOf(code, 'Value') : (deepestCode(subcode) ?? memberOf(code, 'Value'));
};

const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);

/** The text of an element, with attributes beside it or not. */
const textOf = (node: unknown): string => {
  const value = isJsonObject(node) ? node['#text'] : node;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};
