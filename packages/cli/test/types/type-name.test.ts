import { expect, test } from '@jest/globals';

import { typeName } from '../../src/types/type-name.ts';

test.each([
  ['issues', 'Issues'],
  ['order_items', 'OrderItems'],
  ['order-items', 'OrderItems'],
  ['OAuth 2.0 token', 'OAuth20Token'],
  ['Überweisung über 5', 'UberweisungUber5'],
  ['2024_report', 'Report'],
  ['mp3s', 'Mp3S'],
  ['2024', ''],
  ['日本', ''],
])('makes %j into %j', (text, name) => {
  expect(typeName(text)).toBe(name);
  expect(typeName(name)).toBe(name);
});
