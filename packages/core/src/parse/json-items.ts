import { BodyError, RecordsPathError } from '../errors.ts';
import type { RecordsPath } from './records-path.ts';

/** An object or array that is open. */
interface Frame {
  readonly close: '}' | ']';
  /** What is being built; undefined outside of the wanted values, where nothing is kept. */
  readonly value: unknown[] | { [name: string]: unknown } | undefined;
  /** How many steps of the path lead here; -1 off the path. */
  readonly progress: number;
  name: string;
  /** Whether the member that the path asks for has been seen. */
  found: boolean;
}

const EXPECTED = {
  value: 'a value',
  firstItem: 'a value or "]"',
  name: 'a name',
  firstName: 'a name or "}"',
  colon: '":"',
  comma: '"," or the end of the object or array',
  nothing: 'the end of the document',
};

/** Checks the order of JSON tokens, and builds of them the values that a path leads to. */
export class ItemBuilder {
  /** Where the last token begins, in bytes. */
  position = 0;
  readonly #text: string;
  readonly #path: RecordsPath;
  readonly #frames: Frame[] = [];
  #items: unknown[] = [];
  #expected: keyof typeof EXPECTED = 'value';

  constructor(text: string, path: RecordsPath) {
    this.#text = text;
    this.#path = path;
  }

  /** The values completed since this was last asked. */
  taken(): unknown[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }

  /** @param kind `string`, `scalar` for another value, or the sign itself */
  add(kind: string, value: unknown, position: number): void {
    this.position = position;
    const frame = this.#frames.at(-1);
    const expected = this.#expected;
    if (expected === 'value' || expected === 'firstItem') {
      if (kind === '{' || kind === '[') this.#open(kind, frame);
      else if (kind === 'string' || kind === 'scalar') this.#scalar(value, frame);
      else if (kind === ']' && expected === 'firstItem') this.#close();
      else throw this.#unexpected(kind);
    } else if (frame && kind === 'string' && (expected === 'name' || expected === 'firstName')) {
      frame.name = String(value);
      this.#expected = 'colon';
    } else if (kind === ':' && expected === 'colon') {
      this.#expected = 'value';
    } else if (kind === ',' && expected === 'comma') {
      this.#expected = frame?.close === '}' ? 'name' : 'value';
    } else if (kind === frame?.close && (expected === 'comma' || expected === 'firstName')) {
      this.#close();
    } else {
      throw this.#unexpected(kind);
    }
  }

  end(): void {
    if (this.#expected === 'nothing') return;
    throw new BodyError(
      `The JSON body ends too soon: after byte ${this.position}, ${EXPECTED[this.#expected]} is missing.`,
    );
  }

  #scalar(value: unknown, parent: Frame | undefined): void {
    const progress = this.#progressWithin(parent);
    if (progress >= 0 && progress < this.#path.length) throw this.#leadsNowhere('a single value stands there');
    this.#done(value, parent, progress);
  }

  #open(kind: '{' | '[', parent: Frame | undefined): void {
    const progress = this.#progressWithin(parent);
    const step = progress < 0 ? undefined : this.#path[progress];
    if (step?.kind === 'member' && kind === '[') throw this.#leadsNowhere(`an array stands there, without names`);
    const wanted = progress === this.#path.length || parent?.value !== undefined;
    const value = wanted ? (kind === '{' ? {} : []) : undefined;
    this.#frames.push({ close: kind === '{' ? '}' : ']', value, progress, name: '', found: step?.kind !== 'member' });
    this.#expected = kind === '{' ? 'firstName' : 'firstItem';
  }

  #close(): void {
    const frame = this.#frames.pop();
    if (frame?.found === false) throw this.#leadsNowhere('the object that ends there is without the next name');
    this.#done(frame?.value, this.#frames.at(-1), frame?.progress ?? -1);
  }

  #done(value: unknown, parent: Frame | undefined, progress: number): void {
    if (parent?.value !== undefined) addTo(parent.value, parent.name, value);
    else if (progress === this.#path.length) this.#items.push(value);
    this.#expected = parent ? 'comma' : 'nothing';
  }

  /** How many steps of the path lead to the value that begins in `parent`. */
  #progressWithin(parent: Frame | undefined): number {
    if (!parent) return 0;
    const step = parent.progress < 0 || parent.value !== undefined ? undefined : this.#path[parent.progress];
    if (step === undefined) return -1;
    if (step.kind === 'member' && step.name !== parent.name) return -1;
    parent.found = true;
    return parent.progress + 1;
  }

  #unexpected(kind: string): BodyError {
    const found = kind === 'scalar' ? 'a value' : kind === 'string' ? 'a string' : `"${kind}"`;
    return new BodyError(
      `The JSON body is malformed at byte ${this.position}: ${found} stands there instead of ${EXPECTED[this.#expected]}.`,
    );
  }

  #leadsNowhere(reason: string): RecordsPathError {
    return new RecordsPathError(
      `The path ${this.#text} leads nowhere at byte ${this.position} of the JSON body: ${reason}. Correct the path.`,
    );
  }
}

const addTo = (container: unknown[] | { [name: string]: unknown }, name: string, value: unknown): void => {
  if (Array.isArray(container)) container.push(value);
  // Assigning this one name would set the prototype instead.
  else if (name === '__proto__') Object.defineProperty(container, name, { value, ...OWN });
  else container[name] = value;
};

const OWN = { configurable: true, enumerable: true, writable: true };
