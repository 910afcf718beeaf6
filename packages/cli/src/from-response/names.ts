import { singular, snake } from '../plan/words.ts';

/** Lower snake case, letters first: what streams, parameters and fields of the config are called. */
export const snakeName = (text: string): string => {
  const words = snake(text.replace(/\.(json|php|aspx?|do)$/i, ''));
  return /^[a-z]/.test(words) ? words : words === '' ? 'records' : `records_${words}`;
};

/** A name that is not taken yet, with as many of the words before it as that needs, else a number. */
export const uniqueName = (name: string, before: readonly string[], taken: ReadonlySet<string>): string => {
  let longer = name;
  for (const word of before.toReversed()) {
    if (!taken.has(longer)) return longer;
    longer = `${singular(snakeName(word))}_${longer}`;
  }
  for (let number = 2, base = longer; taken.has(longer); number++) longer = `${base}_${number}`;
  return longer;
};

/** `api.acme.com` is `Acme`. */
export const titleOfHost = (host: string): string => {
  const labels = host.split('.');
  if (/^[\d.:[\]]+$/.test(host) || host === 'localhost') return 'My API';
  const second = labels.length > 2 && /^(co|com|org|net|gov|ac)$/.test(labels.at(-2) ?? '') ? -3 : -2;
  const word = labels.at(second) ?? labels[0] ?? host;
  return word.charAt(0).toUpperCase() + word.slice(1);
};
