import { stringifyJson } from '@headwater/core';

/** A value of a record on one line, as people read it; numbers with all their digits. */
export const plainText = (value: unknown): string => {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : stringifyJson(value);
  // oxlint-disable-next-line no-control-regex -- They would move the cursor of the terminal.
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
};
