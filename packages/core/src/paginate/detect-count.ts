import { listIn, membersOf, plain, type Member } from './body-shape.ts';
import { hasMoreIn } from './detect-next.ts';
import type { Clue, FirstResponse } from './detected.ts';

const PAGE = /^(page|p|pg|pageno|pagenumber|pageindex|currentpage)$/;
const OFFSET = /^(offset|skip|start|startat|startindex|firstresult|pageoffset)$/;
const SIZE = /^(limit|perpage|pagesize|maxresults|itemsperpage|resultsperpage|pagelimit|top|take|rows)$/;
const TOTAL = /^(total|totalcount|totalresults|totalrecords|totalitems|totalelements|totalsize|wptotal)$/;
const TOTAL_PAGES = /^(totalpages|pagecount|numpages|numberofpages|lastpage|pages|wptotalpages)$/;

/** A number that was found, and where. */
interface Found {
  /** In plain letters. */
  readonly name: string;
  /** A path into the body, or the name of a header or parameter. */
  readonly place: string;
  /** The parameter it would be sent in. */
  readonly param: string;
  readonly value: number;
}

/** A paginator that counts pages or records, by the numbers in the body, the headers and the request's own query. */
export const detectCount = ({ body, headers, url }: FirstResponse): Clue | undefined => {
  const members = membersOf(body);
  const query = numbersOf([...new URL(url).searchParams]);
  const inBody = members.flatMap(countOf);
  const inHeaders = numbersOf(Object.entries(headers).filter(([name]) => /total|page-?count/.test(name)));

  const page = find(query, PAGE) ?? find(inBody, PAGE);
  const offset = find(query, OFFSET) ?? find(inBody, OFFSET);
  const askedSize = find(query, SIZE);
  const size = askedSize ?? find(inBody, SIZE);
  const total = find(inBody, TOTAL) ?? find(inHeaders, TOTAL);
  const pages = find(inBody, TOTAL_PAGES) ?? find(inHeaders, TOTAL_PAGES);
  const more = hasMoreIn(members)?.path;
  const asked = (found: Found | undefined): boolean => found !== undefined && query.includes(found);

  if (offset && (asked(offset) || !page) && (asked(offset) || size || total || more !== undefined)) {
    const limit = size?.value ?? listIn(body)?.length;
    const limitParam = size?.param ?? 'limit';
    const options = {
      ...(offset.param !== 'offset' && { param: offset.param }),
      limit: limit || 100,
      ...(limitParam !== 'limit' && { limitParam }),
      ...stopOf({ more, total }),
    };
    return { kind: 'offset', options, because: becauseOf({ offset, size, total, more }) };
  }
  if (asked(page) || pages || (page && (size || total)) || more !== undefined) {
    const options = {
      ...(page && page.param !== 'page' && { param: page.param }),
      ...(page?.value === 0 && { start: 0 }),
      ...(size && { pageSize: size.value }),
      ...(askedSize && { sizeParam: askedSize.param }),
      ...stopOf({ more, pages, total: size && total }),
    };
    return { kind: 'pageNumber', options, because: becauseOf({ page, size, pages, total, more }) };
  }
  return undefined;
};

const find = (numbers: readonly Found[], name: RegExp): Found | undefined =>
  numbers.find((number) => name.test(number.name));

/** A number of a body. The members of an object `page` are taken by their usual meaning. */
const countOf = ({ path, name, key, within, value }: Member): readonly Found[] => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) return [];
  const named = within === 'page' ? ({ number: 'page', size: 'pagesize' }[name] ?? name) : name;
  const param = within === 'page' || name === 'currentpage' ? { number: 'page', currentpage: 'page' }[name] : undefined;
  return [{ place: path, param: param ?? key, value, name: named }];
};

const numbersOf = (entries: readonly (readonly [string, string])[]): readonly Found[] =>
  entries
    .filter(([, value]) => /^\d+$/.test(value))
    .map(([key, value]) => ({ place: key, param: key, value: Number(value), name: plain(key.replace(/^x-/i, '')) }));

interface Stops {
  readonly more?: string | undefined;
  readonly pages?: Found | undefined;
  readonly total?: Found | undefined;
}

/** The first of the rules is enough. */
const stopOf = ({ more, pages, total }: Stops) => {
  if (more !== undefined) return { hasMore: more };
  if (pages) return { totalPages: pages.place };
  return total ? { total: total.place } : {};
};

interface Evidence extends Stops {
  readonly page?: Found | undefined;
  readonly offset?: Found | undefined;
  readonly size?: Found | undefined;
}

const becauseOf = ({ page, offset, size, pages, total, more }: Evidence): string => {
  const seen = [
    page && `the page number ${page.value} at ${page.place}`,
    offset && `the offset ${offset.value} at ${offset.place}`,
    size && `the page size ${size.value} at ${size.place}`,
    pages && `the number of pages ${pages.value} at ${pages.place}`,
    total && `the total ${total.value} at ${total.place}`,
    more && `whether there are more at ${more}`,
  ].filter((text) => text !== undefined);
  const guess = page || offset ? '' : ' How to ask for a page is a guess.';
  return `Request and answer tell ${seen.join(', ')}.${guess} Check the names of the parameters.`;
};
