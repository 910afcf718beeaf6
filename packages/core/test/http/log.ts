import type { Logger } from '@headwater/core';

/** A logger that keeps its lines, each after its level. */
export const keptLog = (): Logger & { readonly lines: string[] } => {
  const lines: string[] = [];
  const keep = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  return {
    lines,
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
    fatal: keep('fatal'),
  };
};
