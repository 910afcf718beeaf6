import type { Description } from './description.ts';
import { flatten, type FlatSchema } from './flat-schema.ts';
import { stepOf } from './list-answer.ts';
import { plain } from '../plan/words.ts';

/** A member of an answer that is no record. */
export interface AnswerMember {
  /** E.g. `$.meta.next_cursor`. */
  readonly path: string;
  /** In plain letters. */
  readonly name: string;
  /** The plain name of the object it stands in; empty at the top. */
  readonly within: string;
  readonly flat: FlatSchema;
}

const DEPTH = 3;
const MOST_MEMBERS = 60;

/** The members around the records, the outer ones first. */
export const answerMembers = (description: Description, wrapper: FlatSchema | undefined): readonly AnswerMember[] => {
  const found: AnswerMember[] = [];
  let level: readonly Omit<AnswerMember, 'within'>[] = wrapper ? [{ path: '$', name: '', flat: wrapper }] : [];
  for (let depth = 0; depth < DEPTH; depth++) {
    const below = level.flatMap(({ path, name: within, flat }) =>
      [...flat.properties].slice(0, MOST_MEMBERS).map(([key, schemas]) => ({
        path: path + stepOf(key),
        name: plain(key),
        within,
        flat: flatten(description, ...schemas),
      })),
    );
    found.push(...below);
    level = below;
  }
  return found;
};
