import { isLosslessNumber } from 'lossless-json';
import { isJsonObject } from '../protocol/json.ts';

/** A member of a body that is no record: where it stands, its name in plain letters, and its value. */
export interface Member {
  /** E.g. `$.meta.next_cursor` or `$['@odata.nextLink']`. */
  readonly path: string;
  /** Lower case, letters and digits only: `next_cursor` and `nextCursor` are `nextcursor`. */
  readonly name: string;
  /** The name as it stands there. */
  readonly key: string;
  /** The same of the member it stands in; empty at the top. */
  readonly within: string;
  readonly value: unknown;
}

const DEPTH = 4;
const MOST_KEYS = 50;

/** The members around the records, the outer ones first: lists are not looked into, nor are objects of many members. */
export const membersOf = (body: unknown): readonly Member[] => {
  const found: Member[] = [];
  let level: { readonly path: string; readonly within: string; readonly node: unknown }[] = [
    { path: '$', within: '', node: body },
  ];
  for (let depth = 0; depth < DEPTH && level.length > 0; depth++) {
    const below: typeof level = [];
    for (const { path, within, node } of level) {
      if (!isJsonObject(node) || isLosslessNumber(node)) continue;
      const keys = Object.keys(node);
      if (keys.length > MOST_KEYS) continue;
      for (const key of keys) {
        const value = node[key];
        const member = { path: path + stepOf(key), name: plain(key), key, within, value };
        found.push(member);
        below.push({ path: member.path, within: member.name, node: value });
      }
    }
    level = below;
  }
  return found;
};

/** The list of records in a body, if one can be told: the body itself, or the first list among its members. */
export const listIn = (body: unknown): readonly unknown[] | undefined => {
  if (Array.isArray(body)) return body;
  const list = membersOf(body).find(({ value }) => Array.isArray(value))?.value;
  return Array.isArray(list) ? list : undefined;
};

/** A name without case and signs. */
export const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

const stepOf = (key: string): string =>
  /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `['${key.replace(/[\\']/g, (sign) => `\\${sign}`)}']`;
