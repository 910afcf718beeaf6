import { isLosslessNumber } from 'lossless-json';
import { ConnectorError } from '../errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import { stringifyJson } from '../protocol/lossless-json.ts';
import { encodeReferences, isCharacter } from './xml-references.ts';

export interface SoapOptions {
  /**
   * The version of SOAP. It also decides the content type to send the envelope with: `text/xml; charset=utf-8` and a
   * `SOAPAction` header for 1.1, `application/soap+xml; charset=utf-8` for 1.2.
   *
   * @default '1.1'
   */
  readonly version?: '1.1' | '1.2';
  /**
   * What stands in the SOAP header, e.g. security tokens; as the body: an object, or XML as it is.
   *
   * @default no header
   */
  readonly headers?: JsonObject | string;
  /**
   * Namespaces to declare on the envelope, by prefix: `{ m: 'urn:orders' }`.
   *
   * @default none but that of SOAP, whose prefix is `soap`
   */
  readonly namespaces?: Readonly<Record<string, string>>;
}

const NAMESPACES = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};

/**
 * A SOAP envelope around a request.
 *
 * An object becomes elements: a member is an element, an array that element several times, a name that begins with `@`
 * an attribute, `#text` the text beside attributes, null an empty element, undefined none. All values are escaped. A
 * string is taken as XML and put in as it is, so nothing from outside may be pasted into it.
 *
 * @throws ConnectorError when a name or a character cannot stand in XML
 * @example
 * wrapSoap({ 'm:GetOrders': { 'm:since': '2026-01-01' } }, { namespaces: { m: 'urn:orders' } });
 */
export const wrapSoap = (
  body: JsonObject | string,
  { version = '1.1', headers, namespaces = {} }: SoapOptions = {},
): string => {
  const declared = Object.entries(namespaces).map(([prefix, uri]) => [`@xmlns${prefix && ':'}${prefix}`, uri] as const);
  const attributes = attributesOf({ '@xmlns:soap': NAMESPACES[version], ...Object.fromEntries(declared) }, '');
  const header = headers === undefined ? '' : `<soap:Header>${contentOf(headers, '/Header')}</soap:Header>`;
  return (
    `<?xml version="1.0" encoding="utf-8"?><soap:Envelope${attributes}>${header}` +
    `<soap:Body>${contentOf(body, '/Body')}</soap:Body></soap:Envelope>`
  );
};

const contentOf = (content: JsonObject | string, place: string): string =>
  typeof content === 'string' ? content.replace(/^\uFEFF?\s*<\?xml[^>]*\?>/, '') : membersOf(content, place);

const membersOf = (content: JsonObject, place: string): string =>
  Object.entries(content)
    .filter(([name]) => !name.startsWith('@'))
    .map(([name, value]) => (name === '#text' ? textOf(value, place) : elementsOf(name, value, `${place}/${name}`)))
    .join('');

const elementsOf = (name: string, value: unknown, place: string): string => {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((item, index) => elementsOf(name, item, `${place}[${index}]`)).join('');
  checkName(name, place);
  if (value === null) return `<${name}/>`;
  if (typeof value !== 'object' || isLosslessNumber(value)) return `<${name}>${textOf(value, place)}</${name}>`;
  const content = { ...value };
  return `<${name}${attributesOf(content, place)}>${membersOf(content, place)}</${name}>`;
};

const attributesOf = (content: JsonObject, place: string): string =>
  Object.entries(content)
    .filter(([name, value]) => name.startsWith('@') && value !== undefined && value !== null)
    .map(([name, value]) => {
      checkName(name.slice(1), `${place}/${name}`);
      return ` ${name.slice(1)}="${textOf(value, `${place}/${name}`)}"`;
    })
    .join('');

const textOf = (value: unknown, place: string): string => {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object' && !isLosslessNumber(value)) {
    throw new ConnectorError(
      `${place} of the SOAP request is an object or a list. Only text, numbers and booleans fit.`,
    );
  }
  const text = typeof value === 'string' ? value : stringifyJson(value);
  const wrong = Array.from(text).find((sign) => !isCharacter(sign.codePointAt(0) ?? 0));
  if (wrong === undefined) return encodeReferences(text);
  throw new ConnectorError(`${place} of the SOAP request holds ${JSON.stringify(wrong)}, which XML cannot. Remove it.`);
};

const NAME = /^[\p{L}_][\p{L}\p{N}\p{M}_.-]*(?::[\p{L}_][\p{L}\p{N}\p{M}_.-]*)?$/u;

const checkName = (name: string, place: string): void => {
  if (NAME.test(name)) return;
  throw new ConnectorError(`${place} of the SOAP request: ${JSON.stringify(name)} cannot be a name in XML.`);
};
