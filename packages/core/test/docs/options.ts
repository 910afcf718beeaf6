/** An option as its declaration describes it. */
export interface Option {
  readonly name: string;
  /** What follows `@default`, on one line. */
  readonly said: string;
  /** The first paragraph of its description, on one line. */
  readonly meaning: string;
}

/** The options an interface declares in a source text. */
export const optionsIn = (source: string, name: string): readonly Option[] => {
  const [, after] = source.split(new RegExp(`^export interface ${name}\\b[^{]*{`, 'm'));
  if (after === undefined) throw new Error(`There is no interface ${name}.`);
  const [body = ''] = after.split(/^}/m);
  return [...body.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*readonly (\w+)\?:/g)].map(
    ([, comment = '', option = '']) => {
      const text = comment.replaceAll(/^\s*\* ?/gm, '').trim();
      const [meaning = '', said = ''] = text.split('@default');
      return { name: option, said: oneLine(said), meaning: oneLine(meaning.split('\n\n')[0] ?? '') };
    },
  );
};

const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');

/** The number a destructured or listed default has in the code, e.g. `attempts = 5` or `idle = 64 * 1024`. */
export const codedNumber = (source: string, name: string): number | undefined => {
  const [, product] = new RegExp(`\\b${name} = ([\\d_]+(?: \\* [\\d_]+)*)`).exec(source) ?? [];
  return product?.split(' * ').reduce((whole, factor) => whole * Number(factor.replaceAll('_', '')), 1);
};
