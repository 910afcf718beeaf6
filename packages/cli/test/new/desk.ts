import { PassThrough } from 'node:stream';

export const ENTER = '\r';
export const DOWN = '\u001B[B';
export const BACKSPACE = '\u007F';
export const CTRL_C = '\u0003';

/** A person who presses keys when a question stands there. */
export const person = (answers: readonly (readonly [question: string, ...keys: string[]])[]) => {
  const input = new PassThrough();
  const output = new PassThrough();
  const waiting = [...answers];
  const asked: string[] = [];
  let seen = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
    const [question, ...keys] = waiting[0] ?? [];
    if (question === undefined || !seen.includes(question)) return;
    waiting.shift();
    asked.push(question);
    seen = '';
    // The prompt listens to keys once it has written its question.
    setImmediate(() => {
      for (const key of keys) input.write(key);
    });
  });
  return { desk: { input, output }, asked };
};
