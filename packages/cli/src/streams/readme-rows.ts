/** Two tables that the generator puts into `README.md`. */
const TABLES = [
  /^\| *stream *\| *path *\|.*\n\|[-:| ]+\n(?:\|.*\n)*/m,
  /^\| *property *\| *required *\|.*\n\|[-:| ]+\n(?:\|.*\n)*/m,
];

/**
 * The text of `README.md` with the rows of another one at the ends of its tables; rows that are there stay as they are,
 * and so does a text without the tables.
 */
export const withRows = (text: string, other: string): string => {
  let changed = text;
  for (const table of TABLES) {
    const [present] = table.exec(changed) ?? [];
    if (present === undefined) continue;
    const names = new Set(rowsOf(present).map(nameOf));
    const rows = rowsOf(table.exec(other)?.[0] ?? '').filter((row) => !names.has(nameOf(row)));
    changed = changed.replace(present, () => present + rows.map((row) => `${row}\n`).join(''));
  }
  return changed;
};

const rowsOf = (table: string): readonly string[] =>
  table
    .split('\n')
    .slice(2)
    .filter((row) => row !== '');

const nameOf = (row: string): string => row.split('|')[1]?.trim() ?? '';
