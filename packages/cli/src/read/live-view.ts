/** What a person sees on standard error while a command works. */
export interface View {
  /** Shows lines that stay, above what changes. */
  above(text: string): void;
  /** Takes what changes away, so that something else can be printed; it comes back by itself. */
  clear(): void;
  /** Shows it a last time, for good. */
  end(): void;
  /** Ends it without a word. */
  close(): void;
}

export interface Shown {
  /** What changes, as a block of lines no wider and no higher than the terminal. */
  readonly block: (room: { readonly width: number; readonly rows: number }) => string;
  /** The same on one line, for where there is no terminal. */
  readonly line: () => string;
}

/** Milliseconds between two pictures. */
const EVERY = 100;
/** Milliseconds between two lines where there is no terminal. */
const LINE_EVERY = 5000;
/** Characters and lines where there is no terminal, or it does not say. */
const WIDTH = 120;
const HEIGHT = 24;
/** Lines beside those of the streams: the head, what is left out, and the one the cursor is in. */
const OTHER_LINES = 4;

/** Opens the view: a block that is drawn over itself on a terminal, else a line now and then and the block at the end. */
export const openView = async (shown: Shown): Promise<View> => {
  const { stderr } = process;
  if (!stderr.isTTY) return openPlainView(shown);
  // It hides the cursor and watches the process, which nobody without a terminal needs.
  const { createLogUpdate } = await import('log-update');
  const update = createLogUpdate(stderr);
  const room = () => ({ width: stderr.columns || WIDTH, rows: Math.max(1, (stderr.rows || HEIGHT) - OTHER_LINES) });
  const timer = setInterval(() => update(shown.block(room())), EVERY);
  const close = (): void => {
    clearInterval(timer);
    update.clear();
    update.done();
  };
  return {
    above(text) {
      update.clear();
      stderr.write(`${text}\n`);
    },
    clear: () => update.clear(),
    end() {
      close();
      stderr.write(`${shown.block({ ...room(), rows: Number.POSITIVE_INFINITY })}\n`);
    },
    close,
  };
};

const openPlainView = ({ block, line }: Shown): View => {
  const tell = (text: string): void => void process.stderr.write(`${text}\n`);
  let last = '';
  const timer = setInterval(() => {
    const next = line();
    if (next !== last) tell(next);
    last = next;
  }, LINE_EVERY);
  return {
    above: tell,
    clear() {},
    end() {
      clearInterval(timer);
      tell(block({ width: WIDTH, rows: Number.POSITIVE_INFINITY }));
    },
    close: () => clearInterval(timer),
  };
};
