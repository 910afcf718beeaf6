import { expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { reliabilityDocument } from './document.ts';
import { readItems, SECRET } from './read.ts';
import { PAGES, idsOf, type PageNumber, type Row } from './row.ts';
import { SECTIONS } from './sections.ts';

const rows = SECTIONS.flatMap((section) => section.rows);
const cases = rows.flatMap((row) => (row.pages ?? [2]).map((page: PageNumber) => ({ name: row.fault, page, row })));

const expectedIds = ({ expect: { records } }: Row, page: PageNumber): readonly number[] => {
  if (typeof records !== 'string') return records;
  return PAGES.filter((each) => records === 'all' || each < page).flatMap(idsOf);
};

test.each(cases)('meets as documented: $name (page $page)', async ({ row, page }) => {
  const { attempts, waits, throttled, level = 'warn', warning, error } = row.expect;
  await using hostile = await row.arrange(page);

  const reading = await readItems(hostile.url, row.paging, row.http);

  const anonymous = (text: string): string =>
    [hostile.url, hostile.elsewhere?.url ?? hostile.url].reduce(
      (whole, url, index) =>
        whole.replaceAll(url, index === 0 ? 'https://api.example.com' : 'https://other.example.com'),
      text,
    );
  const place = ['GET https://api.example.com/lists/a', 'stream "items", slice {"list":"a"}'];
  const thrown = reading.error as Error | undefined;
  const said = anonymous(thrown?.message ?? '');
  if (error === undefined) {
    expect(thrown).toBeUndefined();
  } else {
    expect(thrown).toMatchObject({ code: error.code, failureType: error.failureType });
    expect(said).toContain(error.says);
    for (const part of error.names ?? place) expect(said).toContain(part);
    expect(said).toMatch(/\.$/);
  }
  expect(reading.ids).toEqual(expectedIds(row, page));
  expect(hostile.attempts?.() ?? reading.waits.length + 1).toBe(attempts);
  if (waits) expect(reading.waits).toEqual(waits);
  expect(reading.throttled).toBe(throttled ?? 0);
  const lines = level === 'warn' ? reading.warnings : reading.notes;
  const told = lines.filter((text) => place.every((part) => anonymous(text).includes(part)));
  expect(told.length).toBeGreaterThanOrEqual(attempts - 1);
  if (warning !== undefined) expect(reading.warnings.join('\n')).toContain(warning);
  expect(said + [...reading.warnings, ...reading.notes].join('\n')).not.toContain(SECRET);
  expect(hostile.heard?.() ?? 0).toBe(0);
  if (hostile.elsewhere) {
    expect(hostile.elsewhere.requests).not.toHaveLength(0);
    expect(JSON.stringify(hostile.elsewhere.requests.map(({ headers }) => headers))).not.toContain(SECRET);
    expect(hostile.requests?.[0]?.headers).toMatchObject({ authorization: `Bearer ${SECRET}` });
  }
});

test('has at least forty rows, and none of them twice', () => {
  const names = rows.map(({ fault }) => fault);

  expect(rows.length).toBeGreaterThanOrEqual(40);
  expect(new Set(names).size).toBe(names.length);
});

test('generates docs/reliability.md as it is, or writes it with UPDATE_DOCS=1', async () => {
  const path = fileURLToPath(new URL('../../../../../docs/reliability.md', import.meta.url));
  const document = await reliabilityDocument(path);
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(path, document);

  expect(await readFile(path, 'utf8')).toBe(document);
});
