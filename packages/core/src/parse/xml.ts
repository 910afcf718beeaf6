import type { X2jOptions } from 'fast-xml-parser';
import { BodyError, ConnectorError, messageOf, RecordsPathError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { parseLossless } from '../protocol/lossless-json.ts';
import { wholeOf, type Body } from './body.ts';
import { markedCharset, readText } from './decode-text.ts';
import { decodeReferences } from './xml-references.ts';

export interface XmlOptions {
  /**
   * What the names of attributes begin with, so that they differ from those of elements.
   *
   * @default '@'
   */
  readonly attributePrefix?: string;
  /**
   * Elements that are always an array, also when there is one only: by name (`item`), or by path from the root
   * (`feed/entry`).
   *
   * @default those that occur more than once within their parent
   */
  readonly arrays?: readonly string[];
  /**
   * Whether text that is a JSON number, `true` or `false` becomes that value.
   *
   * @default false: all values stay text
   */
  readonly parseValues?: boolean;
  /**
   * Whether names lose their namespace prefix: `soap:Body` becomes `Body`.
   *
   * @default false
   */
  readonly dropPrefixes?: boolean;
  /**
   * The charset of the body; a byte order mark wins over it.
   *
   * @default the encoding in the XML declaration, else utf-8
   */
  readonly charset?: string;
}

/**
 * A whole XML document: an object with the root element as its one member.
 *
 * An element is its text, without blanks around it, or, when it has attributes or elements within, an object of these,
 * with its text as `#text`. An empty element is `''`.
 *
 * Safe to use on anything: nothing a DTD declares is read or expanded (`&name;` stays as written), only the five entities
 * of XML and character references are decoded.
 *
 * @throws BodyError that names line and column when the document is malformed; ConnectorError when it declares external
 *   entities, is nested deeper than 256 elements or has a name that no object can hold (`__proto__`)
 */
export const readXml = async (body: Body, options: XmlOptions = {}): Promise<JsonObject> => {
  const { XMLParser, XMLValidator } = await import('fast-xml-parser');
  const bytes = await wholeOf(body);
  const text = await readText(bytes, options.charset ?? declaredCharset(bytes));
  const checked = XMLValidator.validate(text);
  if (checked !== true) {
    const { msg, line, col } = checked.err;
    throw new BodyError(`The XML body is malformed at line ${line}, column ${col}: ${msg}`);
  }
  const document = parseChecked(() => new XMLParser(parserOptions(options)).parse(text));
  const roots = isJsonObject(document) ? Object.values(document) : [];
  if (!isJsonObject(document) || roots.length === 0) throw new BodyError('The XML body has no root element.');
  if (roots.length > 1 || (Array.isArray(roots[0]) && roots[0].length > 1)) {
    throw new BodyError(`The XML body has more than one root element: ${Object.keys(document).join(', ')}.`);
  }
  return document;
};

/**
 * The elements of an XML document that `path` leads to: names from the root on, e.g. `feed/entry`.
 *
 * None when a parent is without such elements. The document is read as `readXml` does, so it is in memory as a whole.
 *
 * @throws RecordsPathError when the root has another name; and what `readXml` throws
 */
export async function* readXmlElements(
  body: Body,
  path: string,
  options: XmlOptions = {},
): AsyncGenerator<unknown, void, undefined> {
  const document = await readXml(body, options);
  const [root = '', ...names] = path.replace(/^\//, '').split('/');
  if (!Object.hasOwn(document, root)) {
    throw new RecordsPathError(
      `The path "${path}" does not lead into the XML body: its root element is not "${root}" but ` +
        `"${Object.keys(document).at(-1)}". Correct the path.`,
    );
  }
  yield* names.reduce<unknown[]>(
    (elements, name) =>
      elements.flatMap((element) =>
        isJsonObject(element) && Object.hasOwn(element, name) ? [element[name]].flat() : [],
      ),
    [document[root]].flat(),
  );
}

const parseChecked = (parse: () => unknown): unknown => {
  try {
    return parse();
  } catch (cause) {
    if (REFUSED.test(messageOf(cause))) {
      throw new ConnectorError(`The XML body is refused, as it is not safe to read: ${messageOf(cause)}`, { cause });
    }
    throw new BodyError(`The XML body is malformed: ${messageOf(cause)}`, { cause });
  }
};

const REFUSED = /external entities|maximum nested|\[SECURITY\]|entity count|exceeds/i;

/** What the XML declaration at the start of a document says, which is ASCII in every charset that has no mark. */
const declaredCharset = (bytes: Uint8Array): string | undefined => {
  if (markedCharset(bytes) !== undefined) return undefined;
  const start = Buffer.from(bytes.subarray(0, 256)).toString('latin1');
  return /^<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1];
};

const parserOptions = ({
  attributePrefix = '@',
  arrays = [],
  parseValues = false,
  dropPrefixes = false,
}: XmlOptions): X2jOptions => {
  const isArray = new Set(arrays.map((name) => name.replace(/^\//, '').replaceAll('/', '.')));
  const valueOf = (_name: string, text: string): unknown => (parseValues ? parseValue(text) : text);
  return {
    attributeNamePrefix: attributePrefix,
    ignoreAttributes: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    parseTagValue: false,
    removeNSPrefix: dropPrefixes,
    maxNestedTags: 256,
    processEntities: { enabled: true },
    entityDecoder: {
      decode: decodeReferences,
      addInputEntities: () => {},
      setExternalEntities: () => {},
      setXmlVersion: () => {},
      reset: () => {},
    },
    isArray: (name, place, _isLeaf, isAttribute) => !isAttribute && (isArray.has(name) || isArray.has(String(place))),
    tagValueProcessor: valueOf,
    attributeValueProcessor: valueOf,
  };
};

const VALUE = /^(?:true|false|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

const parseValue = (text: string): unknown => (VALUE.test(text) ? parseLossless(text) : text);
