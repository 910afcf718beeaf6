import type { ResponseRule } from '../http/response-rule.ts';
import type { FailureStatus } from './config.ts';

/**
 * Rules that hand back every status that is not listed, and have a listed one fail even where the table takes it for a
 * success. What the table tries again, it still does if listed.
 */
export const failureRules = (statuses: readonly FailureStatus[]): readonly ResponseRule[] => {
  const listed = new Set<number | string>(statuses);
  const isListed = (status: number) => listed.has(status) || listed.has(`${Math.floor(status / 100)}xx`);
  return [
    { when: ({ status }) => !isListed(status), verdict: 'success' },
    {
      when: ({ status }) => status >= 200 && status < 300,
      verdict: 'fail',
      message: 'The config lists this status among the failureStatuses.',
    },
  ];
};
