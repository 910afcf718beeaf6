import { grid } from './grid.ts';
import { plainText } from './plain-text.ts';

/** Characters of the widest column. */
const WIDEST = 32;
/** Between two columns. */
const GAP = 2;

export type Row = { readonly [field: string]: unknown };

/**
 * Records as a table that is no wider than the terminal: as many fields as there is room for, long values cut; the names
 * of the others stand below.
 *
 * @param fields in the order of the schema; what records have beside them comes last
 */
export const recordTable = (records: readonly Row[], fields: readonly string[], width: number): string => {
  const names = [...new Set([...fields, ...records.flatMap(Object.keys)])].filter((name) =>
    records.some((record) => record[name] !== undefined),
  );
  const columns = names.map((name) => {
    const cells = records.map((record) => cut(plainText(record[name]), WIDEST));
    const isNumeric = records.every((record) => ['number', 'undefined'].includes(typeof (record[name] ?? undefined)));
    const widest = Math.max(...[name, ...cells].map(({ length }) => length));
    return { name, cells, width: Math.min(WIDEST, widest), align: isNumeric ? ('right' as const) : ('left' as const) };
  });
  let room = width;
  const shown = columns.filter(({ width: wanted }, index) => {
    const fits = room >= wanted && (index === 0 || room > 0);
    // Once a field has no place, none behind it takes one: the order is that of the schema.
    room = fits ? room - wanted - GAP : 0;
    return fits || index === 0;
  });
  const table = grid(
    shown.map(({ name, align, width: wanted }) => ({ title: cut(name, WIDEST), align, width: wanted })),
    records.map((_, row) => shown.map(({ cells }) => cells[row] ?? '')),
  );
  const left = names.slice(shown.length);
  return left.length === 0 ? table : `${table}\n+ ${left.join(', ')}`;
};

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
