import { LIST_OF_BYTES, secretForms, type SecretForm } from './secret-forms.ts';

/** What stands in the place of a secret. */
export const MASK = '****';

/** A secret ready to be looked for. */
export interface Suspect {
  readonly secret: string;
  readonly forms: readonly Candidate[];
}

interface Candidate extends SecretForm {
  /** Compiled when there is first a hint of it: most never are. */
  expression?: RegExp;
}

export const suspectOf = (secret: string): Suspect => ({ secret, forms: secretForms(secret) });

/** Finds secrets in texts. Made once for many texts: almost all of them are passed over once, by one expression. */
export class SecretMatcher {
  readonly #forms: readonly Candidate[];
  readonly #hints: RegExp;

  constructor(suspects: Iterable<Suspect>) {
    const forms = [...suspects].flatMap((suspect) => suspect.forms);
    this.#forms = [...new Map(forms.map((form) => [form.pattern, form])).values()];
    const hints = new Set(this.#forms.flatMap((form) => (form.hints === 'bytes' ? [] : form.hints)));
    this.#hints = this.#forms.length === 0 ? /(?!)/ : new RegExp([...hints].join('|'));
  }

  /** The text with each secret replaced by the mask. */
  hide(text: string): string {
    const hinted = this.#hints.test(text);
    const hasBytes = LIST_OF_BYTES.test(text);
    if (!hinted && !hasBytes) return text;
    const found = this.#forms
      .filter(({ hints }) => (hints === 'bytes' ? hasBytes : hinted && hints.some((hint) => text.includes(hint))))
      .flatMap((form) => placesOf((form.expression ??= new RegExp(form.pattern, 'g')), text))
      .toSorted((a, b) => a.start - b.start);
    let shown = '';
    let done = 0;
    for (const [index, { start, end }] of found.entries()) {
      // One secret may begin inside another: what they cover together is hidden as one.
      if (index === 0 || start >= done) shown += text.slice(done, start) + MASK;
      done = Math.max(done, end);
    }
    return shown + text.slice(done);
  }
}

interface Place {
  readonly start: number;
  readonly end: number;
}

const placesOf = (expression: RegExp, text: string): Place[] => {
  const places: Place[] = [];
  expression.lastIndex = 0;
  for (let found = expression.exec(text); found !== null; found = expression.exec(text)) {
    places.push({ start: found.index, end: expression.lastIndex });
    // It may begin anew inside itself.
    expression.lastIndex = found.index + 1;
  }
  return places;
};
