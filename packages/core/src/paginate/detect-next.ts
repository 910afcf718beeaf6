import { isJsonObject } from '../protocol/json.ts';
import { listIn, membersOf, plain, type Member } from './body-shape.ts';
import type { Clue, FirstResponse } from './detected.ts';

const NEXT_URL = new Set(
  'next nexturl nextlink nexturi nexthref nextpage nextpageurl nextpagelink odatanextlink'.split(' '),
);
const CURSOR = new Set(
  (
    'nextcursor nextpagecursor nextpagetoken nexttoken nextpage nextpageid nextoffset nextmarker nextstartingafter ' +
    'continuation continuationtoken nextcontinuationtoken endcursor after cursor next scrollid bookmark'
  ).split(' '),
);
/** Names that are a cursor only among others of paging: a record may have an `after` too. */
const CURSOR_WITHIN = new Map([
  ['after', /^(cursors?|paging|pagination|page|meta|next|links)$/],
  ['cursor', /^(|paging|pagination|page|meta|metadata|responsemetadata)$/],
]);
/** Names that speak of paging even where they are null. */
const CERTAIN_URL = /^(nexturl|nextlink|nextpageurl|odatanextlink)$/;
const CERTAIN_CURSOR = /^(next.*(cursor|token)|continuationtoken|endcursor)$/;
const HAS_MORE = /^(hasmore|hasmoreitems|hasmoreresults|hasnext|hasnextpage|more|morerecords|moreavailable)$/;

/** A paginator that follows what a page says of the next one: a URL, a cursor, or the last record's id. */
export const detectNext = (response: FirstResponse): Clue | undefined => {
  const members = membersOf(response.body);
  return (
    urlIn(members) ??
    cursorIn(members, response) ??
    cursorInHeaders(response) ??
    nullIn(members, response) ??
    lastRecordOf(members, response)
  );
};

/** The member that says whether there are more. */
export const hasMoreIn = (members: readonly Member[]): Member | undefined =>
  members.find(({ name, value }) => HAS_MORE.test(name) && typeof value === 'boolean');

const urlIn = (members: readonly Member[]): Clue | undefined => {
  const found = members.find(
    ({ name, within, value }) => isUrl(value) && (NEXT_URL.has(name) || (name === 'href' && NEXT_URL.has(within))),
  );
  return found && nextUrlAt(found, `The body has the URL of the next page at ${found.path}.`);
};

const nextUrlAt = ({ path }: Member, because: string): Clue => ({ kind: 'nextUrl', options: { from: path }, because });

const cursorIn = (members: readonly Member[], { url }: FirstResponse): Clue | undefined => {
  const found = members.find(
    ({ name, within, value }) => isCursor(value) && CURSOR.has(name) && (CURSOR_WITHIN.get(name)?.test(within) ?? true),
  );
  return found && cursorAt(found, members, url, `The body has what leads to the next page at ${found.path}.`);
};

const cursorAt = (found: Member, members: readonly Member[], url: string, because: string): Clue => {
  const param = paramFor(found, url);
  const more = hasMoreIn(members);
  return {
    kind: 'cursor',
    options: { from: found.path, ...(param !== 'cursor' && { param }), ...(more && { hasMore: more.path }) },
    because: `${because} Check that it is sent back as "${param}".`,
  };
};

const cursorInHeaders = ({ headers, url }: FirstResponse): Clue | undefined => {
  for (const [name, value] of Object.entries(headers)) {
    const key = name.replace(/^x-(ms-)?/, '');
    if (!CURSOR.has(plain(key)) || /^(after|cursor|next)$/.test(key)) continue;
    const param = paramFor({ name: plain(key), key: key.replaceAll('-', '_'), value }, url);
    return {
      kind: 'cursor',
      options: { from: name, ...(param !== 'cursor' && { param }) },
      because: `The header ${name} has what leads to the next page. Check that it is sent back as "${param}".`,
    };
  }
  return undefined;
};

/** Where the first page is also the last one, what would lead on is null or empty: only its name tells. */
const nullIn = (members: readonly Member[], { url }: FirstResponse): Clue | undefined => {
  const isNothing = ({ value }: Member) => value === null || value === '';
  const only = (at: Member) => `The body has ${at.path}, which is empty: this page seems to be the only one.`;
  const cursor = members.find((member) => isNothing(member) && CERTAIN_CURSOR.test(member.name));
  if (cursor) return cursorAt(cursor, members, url, only(cursor));
  const previous = members.some(({ name }) => name === 'previous' || name === 'prev');
  const link = members.find(
    (member) => isNothing(member) && (CERTAIN_URL.test(member.name) || (member.name === 'next' && previous)),
  );
  return link && nextUrlAt(link, `${only(link)} Look at a longer list to be sure that it is a URL.`);
};

/** As Stripe does it: no cursor, the id of the last record is one. */
const lastRecordOf = (members: readonly Member[], { body, url }: FirstResponse): Clue | undefined => {
  const more = hasMoreIn(members);
  const last = listIn(body)?.at(-1);
  const asked = new URL(url).searchParams.has('starting_after');
  const isList = members.some(({ path, value }) => path === '$.object' && value === 'list');
  if (!more || !(asked || isList) || !isJsonObject(last) || !isCursor(last['id'])) return undefined;
  return {
    kind: 'cursor',
    options: { lastRecord: '$.id', param: 'starting_after', hasMore: more.path },
    because: `The body says at ${more.path} whether there are more, and no cursor but the id of its last record is there.`,
  };
};

const paramFor = ({ name, key, value }: Pick<Member, 'name' | 'key' | 'value'>, url: string): string => {
  const fixed = { endcursor: 'after', next: typeof value === 'number' ? 'page' : 'cursor', nexttoken: key }[name];
  const rest = key.replace(/^next[_-]?/i, '');
  const param = fixed ?? rest.charAt(0).toLowerCase() + rest.slice(1);
  const asked = [...new URL(url).searchParams.keys()];
  return asked.find((other) => plain(other) === plain(param)) ?? param;
};

const isUrl = (value: unknown): boolean => typeof value === 'string' && /^(https?:\/\/|\/|\?)/i.test(value);

const isCursor = (value: unknown): boolean =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'bigint';
