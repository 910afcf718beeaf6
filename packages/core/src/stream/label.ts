import type { SliceContext } from './stream.ts';

/** What messages call a part of a stream: `stream "issues", slice {"repo":"x"}`, or `stream "repos" for stream "issues"`. */
export const labelOf = (
  { name }: { readonly name: string },
  { slice, window, report }: Pick<SliceContext, 'slice' | 'window' | 'report'>,
): string => {
  const reader = (report.stream ?? name) === name ? '' : ` for stream "${report.stream}"`;
  const part = Object.keys(slice).length > 0 ? `, slice ${JSON.stringify(slice)}` : '';
  return `stream "${name}"${reader}${part}${window ? `, window ${JSON.stringify(window)}` : ''}`;
};
