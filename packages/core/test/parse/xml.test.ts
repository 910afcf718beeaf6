import { expect, test } from '@jest/globals';
import { BodyError, ConnectorError, RecordsPathError } from '../../src/errors.ts';
import { readXml, readXmlElements, type XmlOptions } from '../../src/parse/xml.ts';
import { stringifyJson } from '../../src/protocol/lossless-json.ts';
import { all, bytesOf, everyWay } from './chunks.ts';

const rows: [string, string, XmlOptions, object][] = [
  ['elements', '<a><b>1</b><c/><b>2</b></a>', {}, { a: { b: ['1', '2'], c: '' } }],
  ['attributes and text', '<a id="7">x<b y=\'z\'/></a>', {}, { a: { '@id': '7', '#text': 'x', b: { '@y': 'z' } } }],
  ['a declaration and CRLF', '<?xml version="1.0"?>\r\n<a>\r\n<b>x\r\ny</b>\r\n</a>\r\n', {}, { a: { b: 'x\ny' } }],
  ['a byte order mark', '\uFEFF<a>ü😀</a>', {}, { a: 'ü😀' }],
  [
    'references',
    '<a b="&quot;&#x41;">&lt;&amp;amp;&gt; &#228;&#x1F600;&apos;</a>',
    {},
    { a: { '@b': '"A', '#text': "<&amp;> ä😀'" } },
  ],
  ['CDATA and comments', '<a><!-- <b> --><![CDATA[<x> &amp;]]></a>', {}, { a: '<x> &amp;' }],
  ['text as it stands', '<a><n>007</n><m>1e5</m><b>true</b></a>', {}, { a: { n: '007', m: '1e5', b: 'true' } }],
  ['prefixes', '<s:a xmlns:s="urn:x"><s:b>1</s:b></s:a>', {}, { 's:a': { '@xmlns:s': 'urn:x', 's:b': '1' } }],
  [
    'no prefixes',
    '<s:a xmlns:s="urn:x"><s:b t:y="1">1</s:b></s:a>',
    { dropPrefixes: true },
    { a: { b: { '@y': '1', '#text': '1' } } },
  ],
  ['arrays by name', '<a><b>1</b><c><b>2</b></c></a>', { arrays: ['b'] }, { a: { b: ['1'], c: { b: ['2'] } } }],
  ['arrays by path', '<a><b>1</b><c><b>2</b></c></a>', { arrays: ['a/c/b'] }, { a: { b: '1', c: { b: ['2'] } } }],
  ['another attribute prefix', '<a id="7"/>', { attributePrefix: '' }, { a: { id: '7' } }],
  [
    'values',
    '<a n="1"><b>-2.5</b><c>true</c><d>007</d><e>x</e></a>',
    { parseValues: true },
    { a: { '@n': 1, b: -2.5, c: true, d: '007', e: 'x' } },
  ],
];

test.each(rows)('reads %s however they are cut', async (_name, text, options, document) => {
  for (const body of everyWay(text)) expect(await readXml(body, options)).toEqual(document);
});

test('keeps long numbers when values are parsed', async () => {
  const document = await readXml(bytesOf('<a><n>12345678901234567890</n></a>'), { parseValues: true });

  expect(stringifyJson(document)).toBe('{"a":{"n":12345678901234567890}}');
});

test('decodes the charset of the declaration, the mark or the option', async () => {
  const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>ü</a>', 'latin1');
  expect(await readXml(latin)).toEqual({ a: 'ü' });
  expect(await readXml(Buffer.from('\uFEFF<?xml version="1.0" encoding="UTF-16"?><a>ü</a>', 'utf16le'))).toEqual({
    a: 'ü',
  });
  expect(await readXml(Buffer.from('<a>ü</a>', 'latin1'), { charset: 'latin1' })).toEqual({ a: 'ü' });
});

const lol = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join('');

test.each([
  ['an entity', '<!DOCTYPE a [<!ENTITY e "secret">]><a b="&e;">&e;</a>', { a: { '@b': '&e;', '#text': '&e;' } }],
  ['a billion laughs', `<!DOCTYPE a [<!ENTITY l0 "lol">${lol}]><a>&l9;</a>`, { a: '&l9;' }],
  [
    'a quadratic blowup',
    `<!DOCTYPE a [<!ENTITY e "${'x'.repeat(9000)}">]><a>${'&e;'.repeat(2000)}</a>`,
    { a: '&e;'.repeat(2000) },
  ],
  ['an undeclared entity', '<a>&nbsp;&constructor;</a>', { a: '&nbsp;&constructor;' }],
  ['a reference to no character', '<a>&#0;&#xD800;&#9999999;</a>', { a: '&#0;&#xD800;&#9999999;' }],
])('does not expand %s', async (_name, text, document) => {
  expect(await readXml(bytesOf(text))).toEqual(document);
});

test.each([
  ['an external entity', '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'],
  ['an external parameter entity', '<!DOCTYPE a [<!ENTITY % e SYSTEM "http://127.0.0.1/x.dtd">%e;]><a/>'],
])('never reads %s', async (_name, text) => {
  const read = await readXml(bytesOf(text)).catch((error: unknown) => error);

  expect(read).toBeInstanceOf(Error);
});

test('refuses elements nested without end and names no object can hold', async () => {
  await expect(readXml(bytesOf('<a>'.repeat(5000) + '</a>'.repeat(5000)))).rejects.toThrow(ConnectorError);
  await expect(readXml(bytesOf('<a><__proto__>1</__proto__></a>'))).rejects.toThrow(ConnectorError);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test.each([
  ['an element left open', '<a>\n<b></a>', 'line 2'],
  ['an end cut off', '<a>\n<b>1</b>', 'line'],
  ['a second root', '<a/>\n<b/>', 'more than one root'],
  ['the same root again', '<a/>\n<a/>', 'more than one root'],
  ['an attribute without quotes', '<a>\n<b c=d/></a>', 'line 2'],
  ['nothing', '', 'malformed'],
  ['text alone', 'Service unavailable', 'malformed'],
])('refuses %s', async (_name, text, message) => {
  for (const body of everyWay(text)) {
    const reading = readXml(body);
    await expect(reading).rejects.toThrow(BodyError);
    await expect(reading).rejects.toThrow(message);
  }
});

test('gives the elements at a path', async () => {
  const feed = '<feed><entry><id>1</id></entry><entry><id>2</id></entry><list><x>a</x></list><list/></feed>';
  for (const body of everyWay(feed))
    expect(await all(readXmlElements(body, 'feed/entry'))).toEqual([{ id: '1' }, { id: '2' }]);
  expect(await all(readXmlElements(bytesOf(feed), '/feed/entry/id'))).toEqual(['1', '2']);
  expect(await all(readXmlElements(bytesOf(feed), 'feed/list/x'))).toEqual(['a']);
  expect(await all(readXmlElements(bytesOf('<feed/>'), 'feed/entry'))).toEqual([]);
  expect(await all(readXmlElements(bytesOf('<feed><entry>1</entry></feed>'), 'feed/entry'))).toEqual(['1']);
  await expect(all(readXmlElements(bytesOf('<html/>'), 'feed/entry'))).rejects.toThrow(RecordsPathError);
  await expect(all(readXmlElements(bytesOf('<html/>'), 'feed/entry'))).rejects.toThrow('"html"');
});
