import type { Spread } from './statistics.ts';

/** Columns of equal width, the first one to the left. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(width(0)) : cell.padStart(width(column)))).join('  ');
  return rows.map((row) => `  ${line(row)}`).join('\n');
};

/** `1.62 (1.58-1.71)`; nothing where nothing was measured. */
export const show = ({ median, min, max }: Spread, digits: number): string =>
  Number.isNaN(median) ? '-' : `${median.toFixed(digits)} (${min.toFixed(digits)}-${max.toFixed(digits)})`;
