import { mockApi, type Reply } from '@headwater/testing';
import { PATH, answers, bodyOf, serves } from '../servers.ts';
import type { ExpectedError, Hostile, Section } from '../row.ts';

const loop = (token: string): ExpectedError => ({
  code: 'HEADWATER_PAGE_LOOP',
  failureType: 'system_error',
  says: `The page token ${token} of stream "items"`,
  names: ['came a second time: the API, or nextPageToken, goes in a circle'],
});

/** Answers with the `Link` header that `linkOf` gives for a page. */
const linked = (linkOf: (page: number, url: string) => string | undefined) =>
  serves((page, url) => {
    const link = linkOf(page, url);
    return { body: bodyOf(page), ...(link !== undefined && { headers: { link: `<${link}>; rel="next"` } }) };
  });

/** Answers every page with the first one's `Link` header, as it is. */
const withLink = (link: string) => answers({ headers: { link }, body: bodyOf(1) });

/** A list that never gets anywhere: the same records again, and `next` for each page. */
const standingStill = (nextOf: (page: number) => string | null) =>
  serves((page) => ({ body: { items: bodyOf(1).items, next: nextOf(page) } }));

/** A list by offset in which something happens after the first page was read. */
const changing = (change: (ids: number[]) => void) => async (): Promise<Hostile> => {
  const api = await mockApi();
  const ids = [1, 2, 3, 4, 5, 6, 7];
  let pages = 0;
  api.on(`GET ${PATH}`, ({ query }): Reply => {
    if (pages++ === 1) change(ids);
    const offset = Number(query.get('offset'));
    return { body: { items: ids.slice(offset, offset + 2).map((id) => ({ id })) } };
  });
  return api;
};

export const pages: Section = {
  title: 'Paging',
  about: 'What goes wrong in the list itself, while every single answer is a good one.',
  rows: [
    {
      fault: 'A page names its own token as the next one',
      arrange: answers({ body: { ...bodyOf(2), next: '2' } }),
      expect: { records: [1, 2, 3, 4], attempts: 1, error: loop('"2"') },
      kit: 'Keeps what it has read and asks for no page twice.',
    },
    {
      fault: 'The tokens go in a circle',
      arrange: answers({ body: { ...bodyOf(3), next: '2' } }),
      pages: [3],
      expect: { records: 'all', attempts: 1, error: loop('"2"') },
      kit: 'Keeps what it has read and asks for no page twice.',
    },
    {
      fault: 'A `Link` header names its own page as the next one',
      arrange: linked((page, url) => `${url}${PATH}?page=${Math.min(page + 1, 2)}`),
      paging: 'link',
      expect: { records: [1, 2, 3, 4], attempts: 1, error: loop('"https://api.example.com/lists/a?page=2"') },
      kit: 'Keeps what it has read and asks for no page twice.',
    },
    {
      fault: '`Link` headers lead back to the first page',
      arrange: linked((page, url) => `${url}${PATH}${page < 3 ? `?page=${page + 1}` : ''}`),
      paging: 'link',
      expect: { records: 'all', attempts: 1, error: loop('"https://api.example.com/lists/a"') },
      kit: 'Keeps what it has read and asks for no page twice.',
    },
    {
      fault: 'A `Link` header leads to another origin',
      arrange: linked(() => 'https://other.example.com/lists/a?page=2'),
      paging: 'link',
      expect: {
        records: [1, 2],
        attempts: 1,
        error: {
          code: 'HEADWATER_CONNECTOR',
          failureType: 'system_error',
          says: 'The next page of stream "items" is at https://other.example.com/lists/a?page=2, not at https://api.example.com',
          names: ['the credential is not sent there'],
        },
      },
      kit: 'Sends nothing to it.',
    },
    {
      fault: 'The same records come again under a new token',
      arrange: answers({ body: { ...bodyOf(1), next: '3' } }),
      expect: { records: [1, 2, 1, 2, 5, 6], attempts: 1 },
      kit: 'Cannot tell them from records that are there twice, and passes them on.',
      user: 'The records twice. A destination that deduplicates by primary key keeps one of each.',
    },
    {
      fault: 'The same records come for ever, each time under a new token',
      arrange: standingStill((page) => String(page + 1)),
      expect: {
        records: [1, 2, 1, 2, 1, 2],
        attempts: 1,
        error: {
          code: 'HEADWATER_PAGE_LOOP',
          failureType: 'system_error',
          says: 'has the same records as the 2 pages before it',
          names: ['Page 3 of stream "items", slice {"list":"a"}', 'https://api.example.com/lists/a?page=3'],
        },
      },
      kit: 'Takes the third page of them for a list that stands still.',
    },
    {
      fault: 'The API does not know the parameter of the page number',
      arrange: standingStill(() => null),
      paging: 'number',
      expect: {
        records: [1, 2],
        attempts: 1,
        error: {
          code: 'HEADWATER_PAGE_LOOP',
          failureType: 'system_error',
          says: 'is the page before it over again, byte for byte',
          names: ['Page 2 of stream "items", slice {"list":"a"}', 'https://api.example.com/lists/a?page=2'],
        },
      },
      kit: 'Takes the first page that comes twice in a row for a mistake.',
    },
    {
      fault: 'A malformed `Link` header',
      arrange: withLink('<https://api.example.com/lists/a?page=2; rel="next"'),
      pages: [1],
      paging: 'link',
      expect: {
        records: [1, 2],
        attempts: 1,
        warning: 'the Link header is malformed, so the list ends with this page',
      },
      kit: 'Takes the page for the last one: an API may send other things there.',
      user: 'The records up to there; a warning that quotes the header.',
    },
    {
      fault: 'A next URL that is none',
      arrange: withLink('<http://[>; rel="next"'),
      pages: [1],
      paging: 'link',
      expect: {
        records: [1, 2],
        attempts: 1,
        error: {
          code: 'HEADWATER_CONNECTOR',
          failureType: 'system_error',
          says: 'linkHeader: the next page after https://api.example.com/lists/a is at "http://[", which is no URL',
          names: [],
        },
      },
    },
    {
      fault: 'A page without records in the middle',
      arrange: answers({ body: { items: [], next: '3' } }),
      expect: { records: [1, 2, 5, 6], attempts: 1 },
      kit: 'Goes on: the token decides where the list ends, not the number of records.',
    },
    {
      fault: 'A page with fewer records than the others',
      arrange: answers({ body: { items: [{ id: 3 }], next: '3' } }),
      expect: { records: [1, 2, 3, 5, 6], attempts: 1 },
      kit: 'Goes on: the token decides where the list ends, not the number of records.',
    },
    {
      fault: 'The list shrinks while it is read by offset',
      arrange: changing((ids) => ids.shift()),
      paging: 'offset',
      expect: { records: [1, 2, 4, 5, 6, 7], attempts: 1 },
      kit: 'Cannot notice it: every answer is a good one.',
      user: 'The record that moved up (3) is missing until it changes or a full refresh reads it. Author: page by token or key where the API can, or sort so that what changes is at the end.',
    },
    {
      fault: 'The list grows at its beginning while it is read by offset',
      arrange: changing((ids) => ids.unshift(0)),
      paging: 'offset',
      expect: { records: [1, 2, 2, 3, 4, 5, 6, 7], attempts: 1 },
      kit: 'Cannot notice it: every answer is a good one.',
      user: 'The record that moved down (2) comes twice. A destination that deduplicates by primary key keeps one.',
    },
    {
      fault: 'The next token is an object',
      arrange: answers({ body: { ...bodyOf(2), next: { after: 4 } } }),
      expect: {
        records: [1, 2, 3, 4],
        attempts: 1,
        error: {
          code: 'HEADWATER_CONNECTOR',
          failureType: 'system_error',
          says: 'returned a value of type object. Return a string or a number',
          names: ['nextPageToken of stream "items", slice {"list":"a"}'],
        },
      },
    },
    {
      fault: 'A 200 that says `{"error": "maintenance"}`',
      arrange: answers({ body: { error: 'maintenance' } }),
      expect: {
        records: 'before',
        attempts: 1,
        error: { code: 'HEADWATER_RECORDS_PATH', failureType: 'system_error', says: 'there is no "items"' },
      },
      kit: 'An answer without the list is not an empty list.',
    },
  ],
};
