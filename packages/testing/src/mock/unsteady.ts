/** What happens to a list while it is read. */
export interface Drift {
  /** How many pages are served before, counted over all requests for the list. */
  readonly afterPages: number;
  /**
   * Where in the list it happens.
   *
   * @default 0: at its beginning, so that everything moves
   */
  readonly at?: number;
  /**
   * How many items go away.
   *
   * @default 0
   */
  readonly remove?: number;
  /**
   * The items that come.
   *
   * @default none
   */
  readonly insert?: readonly object[];
}

/** The list as it is once so many pages were served. */
export const withDrift = (items: readonly object[], drift: Drift, served: number): readonly object[] => {
  const { afterPages, at = 0, remove = 0, insert = [] } = drift;
  if (served < afterPages) return items;
  return [...items.slice(0, at), ...insert, ...items.slice(at + remove)];
};

/** The list in which the records of one page follow themselves: any paging then serves that page twice. */
export const withPageTwice = (items: readonly object[], page: number, size: number): readonly object[] => {
  const end = page * size;
  return [...items.slice(0, end), ...items.slice(end - size, end), ...items.slice(end)];
};
