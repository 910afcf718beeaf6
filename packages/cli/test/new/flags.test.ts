import { expect, test } from '@jest/globals';

import { parseAuth } from '../../src/new/auth-flag.ts';
import { parsePagination } from '../../src/new/pagination-flag.ts';

const tokenUrl = 'https://acme.com/token';
const consentUrl = 'https://acme.com/authorize';

test.each([
  ['none', {}, { kind: 'none' }],
  ['basic', {}, { kind: 'basic' }],
  ['bearer', {}, { kind: 'bearer' }],
  ['bearer:Token', {}, { kind: 'bearer', scheme: 'Token' }],
  ['api-key-header', {}, { kind: 'api-key', in: 'header', name: 'X-API-Key' }],
  ['api-key-header:X-Acme', {}, { kind: 'api-key', in: 'header', name: 'X-Acme' }],
  ['api-key-query:key', {}, { kind: 'api-key', in: 'query', name: 'key' }],
  ['oauth2-client-credentials', { tokenUrl }, { kind: 'oauth2', grant: 'client_credentials', tokenUrl }],
  [
    'oauth2-refresh-token',
    { tokenUrl, consentUrl, scopes: ['a'] },
    { kind: 'oauth2', grant: 'refresh_token', tokenUrl, consentUrl, scopes: ['a'] },
  ],
])('reads --auth %s', (text, oauth, plan) => {
  expect(parseAuth(text, oauth)).toEqual(plan);
});

test.each([
  ['token', {}, '"token" is unknown. Known: none, bearer'],
  ['none:x', {}, '"none" has no name behind it'],
  ['api-key-header:X Y', {}, '"X Y" cannot stand in a header'],
  ['oauth2-client-credentials', {}, 'needs --token-url too'],
  ['oauth2-refresh-token', { tokenUrl }, 'needs --consent-url too'],
  ['oauth2-client-credentials', { tokenUrl: 'acme' }, '--token-url acme is no URL'],
])('refuses --auth %s with %j', (text, oauth, why) => {
  expect(() => parseAuth(text, oauth)).toThrow(why);
});

test.each([
  ['none', { kind: 'none' }],
  ['link-header', { kind: 'linkHeader', options: {} }],
  ['next-url', { kind: 'nextUrl', options: { from: '$.next' } }],
  ['next-url:$.links.next', { kind: 'nextUrl', options: { from: '$.links.next' } }],
  ['cursor:$.next,param=after', { kind: 'cursor', options: { from: '$.next', param: 'after' } }],
  ['cursor:lastRecord=$.id', { kind: 'cursor', options: { lastRecord: '$.id' } }],
  ['page-number', { kind: 'pageNumber', options: {} }],
  ['page-number:p,start=0', { kind: 'pageNumber', options: { param: 'p', start: 0 } }],
  ['page-number:sizeParam=per_page', { kind: 'pageNumber', options: { sizeParam: 'per_page', pageSize: 100 } }],
  ['offset', { kind: 'offset', options: { limit: 100 } }],
  ['offset:limit=5,limitParam=size', { kind: 'offset', options: { limit: 5, limitParam: 'size' } }],
])('reads --pagination %s', (text, plan) => {
  expect(parsePagination(text)).toEqual(plan);
});

test.each([
  ['pages', '"pages" is unknown. Known: none, link-header, next-url, cursor, page-number, offset.'],
  ['offset:size=5', 'offset has no option "size". Known: param, limitParam'],
  ['offset:limit=many', 'limit=many is no whole number'],
  ['link-header:next', 'link-header has no option "next"'],
  ['cursor:param=', 'param is empty'],
])('refuses --pagination %s', (text, why) => {
  expect(() => parsePagination(text)).toThrow(why);
});
