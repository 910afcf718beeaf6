import { expect, test } from '@jest/globals';

import { proposeName } from '../../src/new/questions.ts';
import { nameFromUrl, sourceName, titleOf, whyNotName } from '../../src/new/name.ts';

test.each(['source-acme', 'acme', 'a', 'source-acme_2.x'])('takes the name %s', (name) => {
  expect(whyNotName(name)).toBeUndefined();
});

test.each([
  ['Acme API', 'small letters', 'source-acme-api'],
  ['source acme', 'has " " in it', 'source-acme'],
  ['.hidden', 'begins with "."', 'source-hidden'],
  ['a/b', 'is a path', 'source-b'],
  ['..', 'begins with "."', 'source-example'],
  ['', 'is empty', 'source-example'],
  ['fs', 'Node.js or npm uses', 'source-fs'],
  ['node_modules', 'Node.js or npm uses', 'source-node-modules'],
  ['x'.repeat(215), 'no more than 214', `source-${'x'.repeat(100)}`],
  ['über', 'has "ü" in it', 'source-uber'],
])('says why %j is no name, and proposes another', (name, why, proposal) => {
  expect(whyNotName(name)).toContain(why);
  expect(whyNotName(name)).toContain(`Try "${proposal}".`);
  expect(whyNotName(proposal)).toBeUndefined();
});

test.each([
  ['https://api.acme.com/v2', 'acme'],
  ['https://acme.com', 'acme'],
  ['https://acme-shop.example.co.uk/api', 'example'],
  ['https://api.github.com', 'github'],
  ['http://127.0.0.1:8080', undefined],
  ['http://localhost:3000', undefined],
])('finds in %s the name of the API', (url, name) => {
  expect(nameFromUrl(url)).toBe(name);
});

test('makes a title of a name, and a name of a title', () => {
  expect(titleOf('source-acme-crm')).toBe('Acme Crm');
  expect(titleOf('acme')).toBe('Acme');
  expect(sourceName('Acme CRM (v2)')).toBe('source-acme-crm-v2');
  expect(sourceName('source-acme')).toBe('source-acme');
});

test('proposes a name by the title, else by the URL, else any', () => {
  expect(proposeName({ title: 'Acme CRM', baseUrl: 'https://other.com' })).toBe('source-acme-crm');
  expect(proposeName({ baseUrl: 'https://api.acme.com' })).toBe('source-acme');
  expect(proposeName({})).toBe('source-example');
});
