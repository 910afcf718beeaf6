import { expect, test } from '@jest/globals';
import { BodyError, ConnectorError, SoapFaultError } from '../../src/errors.ts';
import { wrapSoap, type SoapOptions } from '../../src/parse/soap-envelope.ts';
import { unwrapSoap } from '../../src/parse/soap.ts';
import { readXml } from '../../src/parse/xml.ts';
import { bytesOf, everyWay } from './chunks.ts';

const versions: SoapOptions[] = [{ version: '1.1' }, { version: '1.2' }];

test.each(versions)('reads back what it wrote in %o', async (options) => {
  const request = {
    'm:Find': {
      '@lang': 'a"b\'<&>\n',
      'm:text': ']]></m:text><evil/>&amp; "ü😀"\r\nline\tend',
      'm:list': ['1', { '@id': '2', '#text': 'two' }],
      'm:none': null,
      'm:missing': undefined,
      'm:count': 3,
      'm:big': 12345678901234567890n,
      'm:flag': true,
    },
  };
  const envelope = wrapSoap(request, { ...options, namespaces: { m: 'urn:find' }, headers: { 'm:Token': 's<t' } });

  for (const body of everyWay(envelope)) {
    expect(await unwrapSoap(body)).toEqual({
      Find: {
        '@lang': 'a"b\'<&>\n',
        text: ']]></m:text><evil/>&amp; "ü😀"\r\nline\tend',
        list: ['1', { '@id': '2', '#text': 'two' }],
        none: '',
        count: '3',
        big: '12345678901234567890',
        flag: 'true',
      },
    });
  }
  expect(await readXml(bytesOf(envelope))).toMatchObject({
    'soap:Envelope': { '@xmlns:m': 'urn:find', 'soap:Header': { 'm:Token': 's<t' } },
  });
});

test('writes the envelope of each version', () => {
  expect(wrapSoap('<a/>')).toBe(
    '<?xml version="1.0" encoding="utf-8"?>' +
      '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><a/></soap:Body></soap:Envelope>',
  );
  expect(wrapSoap('<?xml version="1.0"?><a/>', { version: '1.2', headers: '<h/>', namespaces: { '': 'urn:&' } })).toBe(
    '<?xml version="1.0" encoding="utf-8"?>' +
      '<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns="urn:&amp;">' +
      '<soap:Header><h/></soap:Header><soap:Body><a/></soap:Body></soap:Envelope>',
  );
});

test.each([
  ['a name with a bracket', { 'a><b': 1 }, '/Body/a><b'],
  ['an attribute with a blank', { a: { '@x y': 1 } }, '/Body/a/@x y'],
  ['a character XML does not have', { a: [{ b: 'x\u0000' }] }, '/Body/a[0]/b'],
  ['half a character', { a: '\ud800' }, '/Body/a'],
  ['an object as an attribute', { a: { '@b': {} } }, '/Body/a/@b'],
])('refuses to write %s', (_name, request, place) => {
  expect(() => wrapSoap(request)).toThrow(ConnectorError);
  expect(() => wrapSoap(request)).toThrow(place);
});

test('keeps prefixes when asked to', async () => {
  const envelope =
    '<E:Envelope xmlns:E="x"><E:Header/><E:Body><r:Answer xmlns:r="y">1</r:Answer></E:Body></E:Envelope>';

  expect(await unwrapSoap(bytesOf(envelope), { dropPrefixes: false })).toEqual({
    'r:Answer': { '@xmlns:r': 'y', '#text': '1' },
  });
  expect(await unwrapSoap(bytesOf('<Envelope><Body/></Envelope>'))).toEqual({});
});

const fault11 =
  '<s:Fault><faultcode>s:Client</faultcode><faultstring xml:lang="en">No such order</faultstring>' +
  '<detail><d:Info xmlns:d="urn:d">17</d:Info></detail></s:Fault>';
const fault12 =
  '<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>m:NoOrder</s:Value></s:Subcode></s:Code>' +
  '<s:Reason><s:Text xml:lang="en">No such order</s:Text><s:Text xml:lang="de">Fehlt</s:Text></s:Reason>' +
  '<s:Detail><d:Info xmlns:d="urn:d">17</d:Info></s:Detail></s:Fault>';

test.each([
  ['1.1', fault11, 's:Client', true],
  ['1.2', fault12, 'm:NoOrder', true],
  ['1.2', fault12, 'm:NoOrder', false],
])('throws the fault of SOAP %s', async (_version, fault, faultCode, dropPrefixes) => {
  for (const body of everyWay(`<s:Envelope xmlns:s="x"><s:Body>${fault}</s:Body></s:Envelope>`)) {
    const error = await unwrapSoap(body, { dropPrefixes }).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(SoapFaultError);
    const detail = dropPrefixes ? { Info: '17' } : { 'd:Info': { '@xmlns:d': 'urn:d', '#text': '17' } };
    expect(error).toMatchObject({
      faultCode,
      detail,
      message: `The SOAP service answered with the fault ${faultCode}: No such order.`,
    });
  }
});

test('throws a fault that says nothing', async () => {
  const error = await unwrapSoap(bytesOf('<Envelope><Body><Fault/></Body></Envelope>')).catch(
    (thrown: unknown) => thrown,
  );

  expect(error).toBeInstanceOf(SoapFaultError);
  expect(error).toMatchObject({ faultCode: '', detail: undefined });
});

test.each([
  ['<html><body>Busy</body></html>', '"html"'],
  ['<Envelope><Header/></Envelope>', 'no Body'],
  ['<Envelope><Body>', 'malformed'],
])('refuses %s', async (text, message) => {
  const reading = unwrapSoap(bytesOf(text));

  await expect(reading).rejects.toThrow(BodyError);
  await expect(reading).rejects.toThrow(message);
});
