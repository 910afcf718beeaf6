/** What stands in the place of a text of no special form. */
export const REPLACED = /\bredacted-\d+\b/g;

type Value = string | number | bigint;

/**
 * Gives values in the place of others, of the same type and form: a number for a number, an e-mail address for an e-mail
 * address. The same value gets the same one every time. They are counted, not computed, so that nobody can compute back.
 */
export class Replacements {
  readonly #known = new Map<Value, Value>();
  readonly #given = new Set<Value>();
  #count = 0;

  /** Begins behind those of an earlier recording. */
  startAfter(count: number): void {
    this.#count = Math.max(this.#count, count);
  }

  get count(): number {
    return this.#count;
  }

  /** What the value is replaced by, if it ever was; itself, if it is a replacement. */
  of(value: Value): Value | undefined {
    return this.#given.has(value) ? value : this.#known.get(value);
  }

  /** @param form 'text': the replacement of a text says that it is one, whatever the text looks like */
  replace(value: Value, form: 'alike' | 'text' = 'alike'): Value {
    const known = this.of(value);
    if (known !== undefined) return known;
    const given = this.#make(value, form);
    this.#known.set(value, given);
    this.#given.add(given);
    // A URL has a number as text.
    if (typeof value !== 'string') {
      this.#known.set(String(value), String(given));
      this.#given.add(String(given));
    }
    return given;
  }

  #make(value: Value, form: 'alike' | 'text'): Value {
    for (;;) {
      const n = ++this.#count;
      const made = form === 'text' ? `redacted-${n}` : alike(value, n);
      // One that stands for itself would replace nothing.
      if (made !== value && !this.#given.has(made) && !this.#known.has(made)) return made;
    }
  }
}

const alike = (value: Value, n: number): Value => {
  if (typeof value === 'bigint') return value < 0n ? -bigLike(-value, n) : bigLike(value, n);
  if (typeof value === 'number') return numberLike(value, n);
  for (const { form, write } of FORMS) if (form.test(value)) return write(value, n);
  return `redacted-${n}`;
};

const bigLike = (value: bigint, n: number): bigint => 10n ** BigInt(String(value).length - 1) + BigInt(n);

const numberLike = (value: number, n: number): number => {
  const digits = String(Math.trunc(Math.abs(value))).length;
  // No more digits than a double can hold.
  const whole = 10 ** Math.min(digits - 1, 14) + n;
  return (value < 0 ? -1 : 1) * (Number.isInteger(value) ? whole : whole + 0.5);
};

const FORMS: readonly { readonly form: RegExp; readonly write: (value: string, n: number) => string }[] = [
  { form: /^[^\s@]+@[^\s@]+\.[^\s@]+$/, write: (_value, n) => `user${n}@example.com` },
  {
    form: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
    write: (_value, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  },
  { form: /^\d{4}-\d\d-\d\d$/, write: (_value, n) => dateOf(n) },
  {
    form: /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/,
    write: (value, n) => `${dateOf(n)}${value.slice(10).replace(/^(.)\d\d:\d\d(?::\d\d)?/, midnight)}`,
  },
  { form: /^https?:\/\//i, write: (_value, n) => `https://example.com/${n}` },
  // A telephone number, a postcode, a number as text.
  { form: /^[+(]?\d[\d\s()./-]*$/, write: (value, n) => digitsOf(value, n) },
];

const midnight = (time: string): string => time.replace(/\d/g, '0');

const dateOf = (n: number): string => new Date(Date.UTC(2000, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);

/** The digits of `n` at the end, where digits are, and zeros before them. */
const digitsOf = (value: string, n: number): string => {
  const places = value.replace(/\D/g, '').length;
  const digits = String(n).padStart(places, '0');
  if (digits.length > places) return digits;
  let at = 0;
  return value.replace(/\d/g, () => digits[at++] ?? '0');
};
