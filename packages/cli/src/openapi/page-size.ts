import type { Param } from './operations.ts';

/** Larger pages are slow to make, and one that fails is long to repeat. */
const MOST = 1000;

export interface PageSize {
  readonly param: string;
  readonly size: number;
  readonly because: string;
}

/** How many records to ask for in a page: as many as the API says it gives. */
export const pageSizeOf = ({ name, schema, description }: Param): PageSize => {
  const said =
    /\b(?:max(?:imum)?|up to|at most|no more than|cannot exceed|limit(?:ed)? (?:is|to))\b\D{0,30}?(\d[\d,]*)/i.exec(
      description,
    );
  const most = countIn(schema['maximum']) ?? countIn(said?.[1]?.replaceAll(',', ''));
  if (most !== undefined) {
    const size = Math.min(most, MOST);
    return {
      param: name,
      size,
      because: `"${name}" may be ${most} at most${size < most ? `; ${size} is enough` : ''}.`,
    };
  }
  const usual = countIn(schema['default']);
  if (usual !== undefined) return { param: name, size: usual, because: `${usual} is the default of "${name}".` };
  return { param: name, size: 100, because: `Nothing is said of the largest "${name}": try more.` };
};

const countIn = (value: unknown): number | undefined => {
  const count = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isSafeInteger(count) && count > 0 ? count : undefined;
};
