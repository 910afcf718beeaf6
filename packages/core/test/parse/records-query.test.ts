import { expect, test } from '@jest/globals';
import { ConnectorError } from '../../src/errors.ts';
import { JsonPage } from '../../src/parse/json-page.ts';
import { compileRecordsPath } from '../../src/parse/records-path.ts';
import { loadRecordsPath } from '../../src/parse/records-query.ts';
import { stringifyJson } from '../../src/protocol/lossless-json.ts';

const page = new JsonPage(Buffer.from('{"data":[{"id":12345678901234567890,"on":true},{"id":2},{"id":3,"on":true}]}'));

test.each(['$', '$.data[*]', "$['odd name'].*.b[ * ]", '$ .größe [*]'])('keeps the plain path %s', async (path) => {
  expect(await loadRecordsPath(path)).toEqual(compileRecordsPath(path));
});

test.each([
  ['$.data[?@.on]', ['{"id":12345678901234567890,"on":true}', '{"id":3,"on":true}']],
  ['$.data[1:]', ['{"id":2}', '{"id":3,"on":true}']],
  ['$..id', ['12345678901234567890', '2', '3']],
  ['$.data[?@.id == 7]', []],
  ['$.none..x', []],
])('reads the records of a page at %s', async (path, records) => {
  const { values, raw } = page.records(await loadRecordsPath(path));

  expect(values.map(stringifyJson)).toEqual(records);
  expect(raw).toBeUndefined();
});

test.each(['$.data[?@.on', 'data', "$['a", '', String.raw`$.data['\x']`])(
  'refuses %s before any page is read',
  async (path) => {
    const loading = loadRecordsPath(path);

    await expect(loading).rejects.toThrow(ConnectorError);
    await expect(loading).rejects.toThrow(/column \d+/);
  },
);
