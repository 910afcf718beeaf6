/** Shorter values stand in many texts for other reasons. */
const SHORTEST = 5;
/** Characters of base64 that are enough to know a secret by. */
const ENOUGH = 8;

/** A form of a secret, and how to call it. */
interface Form {
  readonly name: string;
  readonly text: string;
}

/** Every form in which a secret may stand in a text: plain, escaped, encoded, line by line. */
const formsOf = (secret: string): Form[] => {
  const json = JSON.stringify(secret).slice(1, -1);
  const forms: Form[] = [
    { name: 'as it is', text: secret },
    { name: 'in JSON', text: json },
    { name: 'in JSON within JSON', text: JSON.stringify(json).slice(1, -1) },
    { name: 'percent-encoded', text: encodeURIComponent(secret) },
    { name: 'form-encoded', text: new URLSearchParams({ s: secret }).toString().slice(2) },
    { name: 'in hex', text: Buffer.from(secret).toString('hex') },
    ...secret
      .split(/\r?\n/)
      .flatMap((line) => (line.length >= 24 && line !== secret ? [{ name: 'one line', text: line }] : [])),
  ];
  for (const text of new Set([secret, encodeURIComponent(secret)])) {
    for (const part of base64Cores(text)) forms.push({ name: 'in base64', text: part });
  }
  return forms.filter(({ text }) => text.length >= SHORTEST);
};

/** In a longer text, such as `user:secret`, the first and last characters of base64 belong to the neighbours too. */
const base64Cores = (text: string): string[] =>
  [0, 1, 2].flatMap((phase) => {
    const bytes = Buffer.concat([Buffer.alloc(phase), Buffer.from(text)]);
    const start = phase === 0 ? 0 : phase + 1;
    const core = bytes.toString('base64').slice(start, Math.floor((bytes.length * 8) / 6));
    const url = core.replaceAll('+', '-').replaceAll('/', '_');
    return core.length < ENOUGH ? [] : core === url ? [core] : [core, url];
  });

/** Finds secrets in texts. */
export type LeakFinder = (
  text: string,
) => { readonly name: string; readonly form: string; readonly around: string } | undefined;

/** @param secrets by the name under which a report speaks of each; values too short to be sure are left out */
export const leakFinder = (secrets: readonly { readonly name: string; readonly value: string }[]): LeakFinder => {
  const forms = secrets.flatMap(({ name, value }) =>
    value.length < SHORTEST ? [] : formsOf(value).map((form) => ({ ...form, secret: name })),
  );
  return (text) => {
    for (const form of forms) {
      const at = text.indexOf(form.text);
      if (at === -1) continue;
      // A report that quotes the secret would be a leak of its own.
      const start = Math.max(0, text.lastIndexOf('\n', at) + 1, at - 60);
      return { name: form.secret, form: form.name, around: `${text.slice(start, at)}****` };
    }
    return undefined;
  };
};
