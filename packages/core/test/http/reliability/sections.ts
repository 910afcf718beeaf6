import { bodies } from './faults/bodies.ts';
import { certificates } from './faults/certificates.ts';
import { connections } from './faults/connections.ts';
import { http2 } from './faults/http2.ts';
import { pages } from './faults/pages.ts';
import { redirects } from './faults/redirects.ts';
import { rules } from './faults/rules.ts';
import { statuses } from './faults/statuses.ts';
import { waits } from './faults/waits.ts';
import type { Section } from './row.ts';

/** The matrix, in the order of the document. */
export const SECTIONS: readonly Section[] = [
  statuses,
  rules,
  waits,
  connections,
  http2,
  bodies,
  redirects,
  certificates,
  pages,
];
