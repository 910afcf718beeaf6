/** Tells a person on stderr what is going on, and what it took. */
export interface Progress {
  /** One step: its name while it runs, and its time when it is done. */
  step<T>(what: string, act: () => Promise<T>): Promise<T>;
  tell(line: string): void;
}

const CLEAR_LINE = '\r\u001B[K';

/** On a terminal each step rewrites its line; elsewhere the lines follow each other. */
export const progressOn = (output: NodeJS.WriteStream = process.stderr): Progress => ({
  async step(what, act) {
    const start = performance.now();
    output.write(`  ${what} ...${output.isTTY ? '' : '\n'}`);
    let isDone = false;
    try {
      const result = await act();
      isDone = true;
      return result;
    } finally {
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      const mark = isDone ? 'ok' : 'failed';
      output.write(`${output.isTTY ? CLEAR_LINE : ''}  ${what}: ${mark} (${seconds} s)\n`);
    }
  },
  tell(line) {
    output.write(`${line}\n`);
  },
});
