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
