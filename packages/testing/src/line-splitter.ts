/** Puts pieces of text together again as lines, and gives each to `onLine` without its line feed. */
export interface LineSplitter {
  write(piece: string): void;
  /** Hands over what stood after the last line feed, if anything did. */
  end(): void;
}

/** Splits at line feeds only: JSON text may hold the other characters that count as line ends elsewhere. */
export const lineSplitter = (onLine: (line: string) => void): LineSplitter => {
  let open: string[] = [];
  return {
    write(piece) {
      const [first = '', ...others] = piece.split('\n');
      // A line of many megabytes arrives in many pieces; it is joined only once.
      open.push(first);
      for (const start of others) {
        onLine(open.join(''));
        open = [start];
      }
    },
    end() {
      const rest = open.join('');
      open = [];
      if (rest !== '') onLine(rest);
    },
  };
};
