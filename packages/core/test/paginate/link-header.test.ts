import { expect, test } from '@jest/globals';
import { linkHeader } from '../../src/paginate/link-header.ts';
import { answered } from './answered.ts';

const next = (link: string | undefined) =>
  linkHeader().next(answered({ url: 'https://a.example/items?page=1', headers: link === undefined ? {} : { link } }));

test.each([
  ['<https://a.example/items?page=2>; rel="next"', 'https://a.example/items?page=2'],
  ['<https://a.example/?a,b;c=1>; rel="next"', 'https://a.example/?a,b;c=1'],
  ['<https://a.example/1>; rel="first", <https://a.example/2>; rel="next"', 'https://a.example/2'],
  ['<https://a.example/2>; title="a, b; rel=x"; rel="prev next"', 'https://a.example/2'],
  ['<https://a.example/2>;rel=next', 'https://a.example/2'],
  ['<https://a.example/2>; REL="NEXT"', 'https://a.example/2'],
  ['<?page=2>; rel="next"', 'https://a.example/items?page=2'],
  ['</x>; rel = "next"', 'https://a.example/x'],
])('finds the next page in %s', (link, url) => {
  expect(next(link)).toBe(url);
});

test.each([
  ['no header', undefined],
  ['an empty one', ''],
  ['another relation', '<https://a.example/1>; rel="prev"'],
  ['a relation that only begins alike', '<https://a.example/1>; rel="nextish"'],
  ['a link without a relation', '<https://a.example/1>'],
  ['something else altogether', 'rel="next"'],
])('finds none in %s', (_name, link) => {
  expect(next(link)).toBeUndefined();
});

test('asks for the URL it found, and for nothing special at first', () => {
  expect(linkHeader().request('https://a.example/2')).toEqual({ url: 'https://a.example/2' });
  expect(linkHeader().request(undefined)).toEqual({});
});

test('stops at maxPages though there is a next link', () => {
  const page = { headers: { link: '<https://a.example/3>; rel="next"' } };

  expect(linkHeader({ maxPages: 2 }).next(answered({ ...page, pageIndex: 0 }))).toBe('https://a.example/3');
  expect(linkHeader({ maxPages: 2 }).next(answered({ ...page, pageIndex: 1 }))).toBeUndefined();
});

const warningsFor = (link: string) => {
  const warnings: string[] = [];
  const url = linkHeader().next(answered({ headers: { link }, warn: (message) => void warnings.push(message) }));
  return { url, warnings };
};

test.each([
  '<https://a.example/2; rel="next"',
  'https://a.example/2; rel="next"',
  '<https://a.example/2>; rel="next',
  '<https://a.example/2>; next',
  '<https://a.example/2> rel="next"',
  '<https://a.example/1>; rel="prev", /2; rel="next"',
])('warns that %s is malformed and ends the list', (link) => {
  const { url, warnings } = warningsFor(link);

  expect(url).toBeUndefined();
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(JSON.stringify(link));
});

test.each([
  '',
  '<https://a.example/1>; rel="prev", <https://a.example/9>; rel=last',
  '<https://a.example/1>; rel="first"; title="one, two; three",',
  '</style.css>; rel=preload; as=style; nopush',
  'nonsense, <https://a.example/2>; rel="next"',
])('does not warn of %s', (link) => {
  expect(warningsFor(link).warnings).toEqual([]);
});

test('shows two hundred characters of a malformed header', () => {
  const [warning = ''] = warningsFor(`<${'x'.repeat(1000)}`).warnings;

  expect(warning).toContain(`"<${'x'.repeat(199)}…"`);
});
