import { stringifyJson } from '@headwater/core';
import type { Interaction } from './format.ts';
import { REPLACED } from './replacements.ts';
import { keyOf, partsOf, type Comparison } from './request-key.ts';

/**
 * The exchanges of an earlier recording that the new one has no other for. A credential has a new replacement in each
 * recording, so that requests which differ in nothing else are the same one.
 */
export const notAskedAgain = (
  before: readonly Interaction[],
  entries: readonly Interaction[],
  comparison: Omit<Comparison, 'loose'>,
): Interaction[] => {
  const key = ({ request }: Interaction, loose: Comparison['loose']): string =>
    keyOf(partsOf(request, { ...comparison, loose }));
  const asked = new Set(entries.map((entry) => key(entry, 'none')));
  const askedByAnyone = new Set(entries.map((entry) => key(entry, 'credentials')));
  /** What the answers that are kept gave: a page's token, say, leads to one page and to no other. */
  const given = new Set<string>();
  return before.filter((interaction) => {
    const { request, response } = interaction;
    const follows = replacementsIn(request).some((replacement) => given.has(replacement));
    if (follows ? asked.has(key(interaction, 'none')) : askedByAnyone.has(key(interaction, 'credentials')))
      return false;
    for (const replacement of replacementsIn(response)) given.add(replacement);
    return true;
  });
};

const replacementsIn = (part: object): readonly string[] => stringifyJson(part).match(REPLACED) ?? [];
