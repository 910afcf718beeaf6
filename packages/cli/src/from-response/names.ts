/** Lower snake case, letters first: what streams, parameters and fields of the config are called. */
export const snakeName = (text: string): string => {
  const words = text
    .replace(/\.(json|php|aspx?|do)$/i, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
  return /^[a-z]/.test(words) ? words : words === '' ? 'records' : `records_${words}`;
};

/** `companies` is `company`, `issues` is `issue`. */
export const singular = (name: string): string => {
  if (name.endsWith('ies')) return `${name.slice(0, -3)}y`;
  if (/(ss|us|is)$/.test(name)) return name;
  if (/(x|ch|sh|ss)es$/.test(name)) return name.replace(/es$/, '');
  return name.replace(/s$/, '');
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
