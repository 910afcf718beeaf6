/** A name without case and signs: `next_cursor` and `nextCursor` are `nextcursor`. */
export const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** `petId`, `pet-id` and `Pet ID` are `pet_id`; letters of other alphabets are left out. */
export const snake = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');

/** `issues` to `issue`, `categories` to `category`; a word that is no plural stays as it is. */
export const singular = (word: string): string => {
  if (/(ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(ch|sh|x|z|ss)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') && word.length > 2 ? word.slice(0, -1) : word;
};

/** `pet_id` to `Pet id`. */
export const sentence = (name: string): string => {
  const words = snake(name).replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** The first sentence of a text for people, in one line and without markup. */
export const firstSentence = (text: unknown, most = 160): string | undefined => {
  if (typeof text !== 'string') return undefined;
  const line = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  const sentenceOf = /^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line;
  if (sentenceOf === '') return undefined;
  return sentenceOf.length <= most ? sentenceOf : `${sentenceOf.slice(0, most - 1).trimEnd()}…`;
};

/** The names that look most like one that is not there, the nearest first. */
export const nearest = (wanted: string, known: readonly string[], most = 5): readonly string[] =>
  known
    .map((name) => ({ name, far: name.includes(wanted) || wanted.includes(name) ? 1 : distance(wanted, name) }))
    .filter(({ far }) => far <= Math.max(3, wanted.length / 2))
    .toSorted((a, b) => a.far - b.far || a.name.length - b.name.length)
    .slice(0, most)
    .map(({ name }) => name);

const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
};
