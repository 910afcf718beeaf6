import { singular, snake } from '../plan/words.ts';

/** Segments that every path of an API has. */
const COMMON = /^(api|rest|v\d+([._]\d+)*|v\d+(alpha|beta)\d*|\d{4}[-_]\d\d([-_]\d\d)?|latest)$/i;
/** Ends that say what is done, not of what. */
const VERBS =
  /^(list|all|search|query|find|get|index|fetch|browse|findall|getall|(find|get|list|search|query)_by_\w+)$/;

/** Words that say which ones, not of what. */
const WEAK = /^(public|private|active|archived|custom|defaults?|values|daily|latest|recent|starred|summary)$/;

/** One word of a name, and whether a single one of it is meant: `issues` in `/issues/{number}`. */
interface Word {
  readonly text: string;
  readonly isOne: boolean;
}

/**
 * Names for streams, made of the last words of their paths: as many as it takes to tell them apart. The shortest path
 * of some gets the shortest name.
 *
 * @param paths all that may become a stream: the names do not depend on which of them do
 */
export const streamNames = (paths: readonly string[]): ReadonlyMap<string, string> => {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const short = paths.map((path) => nameOf(wordsOf(path)));
  let open = paths
    .map((path, at) => ({ path, words: wordsOf(path, short.indexOf(short[at] ?? '') !== at) }))
    .toSorted((a, b) => a.words.length - b.words.length);
  for (let count = 1; open.length > 0 && count <= 12; count++) {
    const wanted = new Map<string, typeof open>();
    for (const each of open) {
      const name = nameOf(each.words.slice(-count - (WEAK.test(each.words.at(-1)?.text ?? '') ? 1 : 0)));
      wanted.set(name, [...(wanted.get(name) ?? []), each]);
    }
    for (const [name, group] of wanted) {
      const [first, second] = group;
      const isTold = first !== undefined && (second === undefined || first.words.length < second.words.length);
      if (!isTold || taken.has(name)) continue;
      names.set(first.path, name);
      taken.add(name);
    }
    open = open.filter(({ path }) => !names.has(path));
  }
  for (const { path, words } of open) {
    // `/user/keys` and `/users/{username}/keys` differ in the plural only.
    const long = nameOf(words.map((word) => ({ ...word, isOne: false })));
    let name = long;
    for (let count = 2; taken.has(name); count++) name = `${long}_${count}`;
    names.set(path, name);
    taken.add(name);
  }
  return names;
};

/** @param withVerbs also the words that say what is done, for a path that cannot be told from another without */
const wordsOf = (path: string, withVerbs = false): readonly Word[] => {
  const segments = path.split('/').filter((segment) => segment !== '' && !COMMON.test(segment));
  const words = segments.flatMap((segment, at): readonly Word[] => {
    const text = segment.replace(/\{[^{}]*\}/g, '').replace(/\.(json|xml|php|aspx?)$/i, '');
    const isOne = segments[at + 1]?.startsWith('{') === true && at + 2 < segments.length;
    return text === '' ? [] : snakeWords(text, isOne);
  });
  const named = words.findLastIndex(({ text }) => !VERBS.test(text));
  const kept = named < 0 || withVerbs ? words : words.slice(0, named + 1);
  return kept.length > 0 ? kept : [{ text: 'records', isOne: false }];
};

/** `conversations.list` is two words; `pull-requests` is one. */
const snakeWords = (text: string, isOne: boolean): readonly Word[] => {
  const parts = text
    .split('.')
    .map(snake)
    .filter((part) => part !== '');
  return parts.map((part, at) => ({ text: part, isOne: isOne && at === parts.length - 1 }));
};

const nameOf = (words: readonly Word[]): string => {
  const name = words
    .map(({ text, isOne }, at) => (isOne && at < words.length - 1 ? singular(text) : text))
    .join('_')
    .slice(0, 60)
    .replace(/_+$/, '');
  return /^[a-z]/.test(name) ? name : `records_${name}`;
};
