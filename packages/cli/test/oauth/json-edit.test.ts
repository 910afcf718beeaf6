import { expect, test } from '@jest/globals';
import { array, assert, dictionary, jsonValue, property, string } from 'fast-check';

import { setInJson } from '../../src/oauth/json-edit.ts';

test.each([
  ['replaces a value', '{ "a": 1.0, "b": "x" }', ['b'], 'y', '{ "a": 1.0, "b": "y" }'],
  ['replaces a value inside', '{"a":{"b":[1,{"b":2}],"c":3}}', ['a', 'c'], 'y', '{"a":{"b":[1,{"b":2}],"c":"y"}}'],
  ['adds a member on the same line', '{ "a": 1e400 }', ['b'], 'y', '{ "a": 1e400, "b": "y" }'],
  ['adds a member on a line of its own', '{\n    "a": 1\n}\n', ['b'], 'y', '{\n    "a": 1,\n    "b": "y"\n}\n'],
  ['adds an object', '{\n  "a": 1\n}', ['b', 'c'], 'y', '{\n  "a": 1,\n  "b": {\n    "c": "y"\n  }\n}'],
  ['fills an empty object', '{\n  "a": {}\n}', ['a', 'b'], 'y', '{\n  "a": {\n    "b": "y"\n  }\n}'],
  ['puts an object in the place of null', '{"a": null}', ['a', 'b'], 'y', '{"a": {\n  "b": "y"\n}}'],
  ['reads escapes in names', '{"\\u0061": 1}', ['a'], 'y', '{"\\u0061": "y"}'],
  ['changes the last of two members with one name', '{"a":1,"a":2}', ['a'], 'y', '{"a":1,"a":"y"}'],
])('%s', (_, text, path, value, changed) => {
  expect(setInJson(text, path, value)).toBe(changed);
});

test('changes nothing but the place, whatever the document', () => {
  const step = string({ minLength: 1 }).filter((text) => text !== '__proto__');
  assert(
    property(
      dictionary(step, jsonValue()),
      array(step, { minLength: 1, maxLength: 3 }),
      string(),
      (document, path, value) => {
        const wanted = withValue(JSON.parse(JSON.stringify(document)), path, value);
        for (const indentation of [undefined, 2, '\t']) {
          const changed: unknown = JSON.parse(setInJson(JSON.stringify(document, null, indentation), path, value));
          expect(changed).toEqual(wanted);
        }
      },
    ),
  );
});

const withValue = (document: unknown, [step, ...rest]: readonly string[], value: unknown): unknown => {
  if (step === undefined) return value;
  const isObject = typeof document === 'object' && document !== null && !Array.isArray(document);
  const object = isObject ? Object.fromEntries(Object.entries(document)) : {};
  const inner = Object.hasOwn(object, step) ? object[step] : undefined;
  return { ...object, [step]: withValue(inner, rest, value) };
};
