import { mockApi } from '@headwater/testing';
import { answers, bodyOf, serves } from '../servers.ts';
import type { Hostile, PageNumber, Section } from '../row.ts';

const to = (location: string) => ({ status: 302, headers: { location } });

/** A page that moved to another origin. */
const movedAway = async (page: PageNumber): Promise<Hostile> => {
  const away = await mockApi();
  away.on('GET /moved', { body: bodyOf(page) });
  const home = await answers(to(`${away.url}/moved`))(page);
  return {
    ...home,
    elsewhere: away,
    async [Symbol.asyncDispose]() {
      await home[Symbol.asyncDispose]();
      await away.close();
    },
  };
};

/** A page that moved to another path of the same origin, where only the credential opens it. */
const movedWithin = async (page: PageNumber): Promise<Hostile> => {
  const api = await serves((asked) => (asked === page ? to('/moved') : { body: bodyOf(asked) }))();
  api.on('GET /moved', ({ headers }) => (headers.authorization ? { body: bodyOf(page) } : { status: 401 }));
  return api;
};

export const redirects: Section = {
  title: 'Redirects',
  about: 'Redirects are followed, ten at most. What could be a credential stays at home.',
  rows: [
    {
      fault: 'A redirect within the origin',
      arrange: movedWithin,
      expect: { records: 'all', attempts: 1 },
      kit: 'Follows it, with the credential.',
    },
    {
      fault: 'A redirect to another origin, the request having credentials',
      arrange: movedAway,
      expect: { records: 'all', attempts: 1 },
      kit: 'Follows it without `Authorization`, without cookies, and without every other header that could be a credential.',
    },
    {
      fault: 'A redirect loop',
      arrange: async (page) => {
        const { attempts: _hops, ...hostile } = await answers(({ query }) => to(`?${query.toString()}`))(page);
        return hostile;
      },
      expect: {
        records: 'before',
        attempts: 1,
        error: { code: 'HEADWATER_NETWORK', failureType: 'system_error', says: 'the API redirects in a circle' },
      },
    },
    {
      fault: 'A redirect to a URL that is neither http nor https',
      arrange: answers(to('ftp://files.example.com/a')),
      expect: {
        records: 'before',
        attempts: 1,
        error: {
          code: 'HEADWATER_NETWORK',
          failureType: 'config_error',
          says: 'the URL is neither http nor https',
        },
      },
    },
    {
      fault: 'A redirect that does not say where to',
      arrange: answers({ status: 302 }),
      expect: {
        records: 'before',
        attempts: 1,
        error: { code: 'HEADWATER_HTTP_STATUS', failureType: 'system_error', says: 'was answered with 302 Found' },
      },
    },
  ],
};
