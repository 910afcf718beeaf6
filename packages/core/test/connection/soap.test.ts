import { expect, test } from '@jest/globals';
import { mockApi } from '@headwater/testing';
import { HttpConnections } from '../../src/connection/connections.ts';
import { SoapFaultError } from '../../src/errors.ts';
import { quick } from '../http/quick.ts';

const connect = (baseUrl: string) => new HttpConnections({ erp: { baseUrl, retry: quick } }).get('erp');

const envelope = (body: string) =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;

const FAULT = '<s:Fault><faultcode>s:Client</faultcode><faultstring>No such order</faultstring></s:Fault>';

test.each([
  ['1.1', { 'content-type': 'text/xml; charset=utf-8', soapaction: '"urn:orders/Get"' }],
  ['1.2', { 'content-type': 'application/soap+xml; charset=utf-8; action="urn:orders/Get"' }],
] as const)('calls an operation by SOAP %s', async (version, headers) => {
  await using api = await mockApi();
  api.on('POST /orders', { body: envelope('<m:GetResponse xmlns:m="urn:o"><m:id>7</m:id></m:GetResponse>') });

  const answer = await connect(api.url).soap(
    'urn:orders/Get',
    { 'm:Get': { 'm:id': 7, 'm:note': '<&>' } },
    { version, path: '/orders', namespaces: { m: 'urn:o' } },
  );

  expect(answer).toMatchObject({ GetResponse: { id: expect.anything() } });
  expect(api.requests[0]!.headers).toMatchObject(headers);
  expect(api.requests[0]!.headers['soapaction'] === undefined).toBe(version === '1.2');
  expect(api.requests[0]!.body).toContain('<m:Get><m:id>7</m:id><m:note>&lt;&amp;&gt;</m:note></m:Get>');
});

test('throws a Fault that comes with 500, and does not ask again', async () => {
  await using api = await mockApi();
  api.on('POST /', { status: 500, body: envelope(FAULT), headers: { 'content-type': 'text/xml' } });

  const error = await connect(api.url)
    .soap('urn:x', { Get: null })
    .catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(SoapFaultError);
  expect(error).toMatchObject({ faultCode: 's:Client', message: expect.stringContaining('No such order') });
  expect(api.requests).toHaveLength(1);
});

test('asks again after a 500 that is no Fault', async () => {
  await using api = await mockApi();
  api.reply(500, '<html>down</html>').reply(200, envelope('<Done/>'));

  expect(await connect(api.url).soap('urn:x', { Get: null })).toHaveProperty('Done');
  expect(api.requests).toHaveLength(2);
});

test('reads no Fault into a GET that fails with one', async () => {
  await using api = await mockApi();
  api.on('GET /x', { status: 404, body: envelope(FAULT) });

  await expect(connect(api.url).get('/x')).rejects.toMatchObject({ status: 404 });
});

test('takes an empty answer for that of a one-way operation', async () => {
  await using api = await mockApi();
  api.reply(202);

  expect(await connect(api.url).soap('urn:x', { Put: null })).toEqual({});
});

test('names the request whose answer is no envelope', async () => {
  await using api = await mockApi();
  api.reply(200, '<html></html>');

  await expect(connect(api.url).soap('urn:x', { Get: null })).rejects.toThrow(
    /connection "erp": POST .* was answered with 200\. The answer is not a SOAP envelope/,
  );
});

test('refuses an action that would break out of its header', async () => {
  await expect(connect('http://127.0.0.1:1').soap('a"\r\nb', {})).rejects.toThrow(/cannot stand in a header/);
});
