import { pipeline, Readable } from 'node:stream';
import { BodyError, ConnectorError, HeadwaterError, messageOf } from '../errors.ts';
import type { Body } from './body.ts';
import { decodeText } from './decode-text.ts';

export interface CsvOptions {
  /**
   * What stands between two values: one or more characters.
   *
   * @default ','
   */
  readonly delimiter?: string;
  /**
   * Whether the first line names the columns. With `columns` as well, that line is skipped.
   *
   * @default true
   */
  readonly header?: boolean;
  /**
   * Names for the columns, from left to right. Needed where there is no header.
   *
   * @default the names in the first line
   */
  readonly columns?: readonly string[];
  /**
   * The character around values that hold delimiters or line breaks; null if there is none.
   *
   * @default '"'
   */
  readonly quote?: string | null;
  /**
   * The character before a quote that belongs to the value.
   *
   * @default the quote itself, doubled
   */
  readonly escape?: string;
  /**
   * What a line begins with that is to be skipped.
   *
   * @default no such lines
   */
  readonly comment?: string;
  /**
   * The charset of the body; a byte order mark wins over it.
   *
   * @default 'utf-8'
   */
  readonly charset?: string;
  /**
   * Whether a line may have fewer values than there are columns (the rest are left out of the record) or more (the
   * surplus is dropped).
   *
   * @default false
   */
  readonly relaxColumnCount?: boolean;
}

/** One line of a CSV body: every value is the text that stands there. */
export type CsvRecord = Readonly<Record<string, string>>;

/** Guards against a quote that is never closed. */
const LONGEST_RECORD = 16 * 1024 * 1024;

/**
 * The records of a CSV body (RFC 4180), line ends LF, CRLF or CR. Blank lines are skipped.
 *
 * @throws BodyError that names the line, perhaps before the last records in front of it are given, when a quote is misplaced or a line has another number of values than there
 *   are columns; ConnectorError when the columns have no names or two of them the same
 */
export async function* readCsv(body: Body, options: CsvOptions = {}): AsyncGenerator<CsvRecord, void, undefined> {
  const { delimiter = ',', quote = '"', escape = quote ?? '"', comment, charset } = options;
  const { parse } = await import('csv-parse');
  const table = tableOf(options);
  const parser = parse({
    delimiter,
    quote,
    escape,
    comment: comment ?? null,
    comment_no_infix: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_RECORD,
    relax_column_count: true,
    on_record: table.accept,
  });
  // A failure is thrown where the rows are read.
  const rows = pipeline(Readable.from(decodeText(body, charset)), parser, () => {});
  try {
    for await (const values of rows as AsyncIterable<string[]>) yield table.recordOf(values);
  } catch (cause) {
    if (!isCsvError(cause)) throw cause;
    throw new BodyError(`Line ${cause.lines} of the CSV body cannot be read: ${messageOf(cause)}`, { cause });
  }
}

/** The columns of the body, and what they make of its lines. */
const tableOf = ({ header = true, columns, relaxColumnCount = false }: CsvOptions) => {
  if (!header && !columns) {
    throw new ConnectorError('A CSV body without a header needs names for its columns. Give them in columns.');
  }
  let names = columns && checkNames(columns);
  let headerIsNext = header;
  return {
    /** Called for each line in turn, the header among them; null leaves it out. */
    accept: (values: string[], { lines }: { readonly lines: number }): string[] | null => {
      if (headerIsNext) {
        headerIsNext = false;
        names ??= checkNames(values);
        return null;
      }
      const expected = names?.length ?? 0;
      if (values.length === expected || relaxColumnCount) return values;
      throw new BodyError(
        `Line ${lines} of the CSV body has ${count(values.length, 'value')} for ${count(expected, 'column')}. ` +
          `If such lines are right, set relaxColumnCount.`,
      );
    },
    recordOf: (values: readonly string[]): CsvRecord =>
      Object.fromEntries((names ?? []).slice(0, values.length).map((name, index) => [name, values[index] ?? ''])),
  };
};

const checkNames = (names: readonly string[]): readonly string[] => {
  const wrong = names.find((name, index) => name === '' || names.indexOf(name) !== index);
  if (wrong === undefined) return names;
  const reason = wrong === '' ? 'has a column without a name' : `has more than one column "${wrong}"`;
  throw new ConnectorError(`The CSV body ${reason}: ${JSON.stringify(names)}. Give the names in columns.`);
};

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

const isCsvError = (error: unknown): error is Error & { readonly lines: number } =>
  error instanceof Error && !(error instanceof HeadwaterError) && 'lines' in error;
