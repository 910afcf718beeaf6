import type { AnsweredPage } from '../../src/paginate/paginator.ts';

/** A page as a paginator sees it: the first one of `https://a.example/items`, empty but for what is given. */
export const answered = (page: Partial<AnsweredPage>): AnsweredPage => ({
  status: 200,
  headers: {},
  url: 'https://a.example/items',
  body: {},
  nextPageToken: undefined,
  pageIndex: 0,
  recordCount: 0,
  lastRecord: undefined,
  ...page,
});
