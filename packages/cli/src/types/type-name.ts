/**
 * The TypeScript name made of a title or a file name: `order_items` gives `OrderItems`.
 *
 * Empty when there is no Latin letter to begin with.
 */
export const typeName = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
    .replaceAll(/\d[a-z]/g, (letter) => letter.toUpperCase())
    .replace(/^\d+/, '');
