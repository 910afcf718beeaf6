import { isJsonObject } from '../protocol/json.ts';

/** A property name as one segment of a JSON pointer. */
export const escapeSegment = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** The value a JSON pointer leads to; undefined when there is none. */
export const lookUp = (document: unknown, pointer: string): unknown => {
  let value = document;
  for (const segment of pointer.split('/').slice(1)) {
    const key = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) value = /^\d+$/.test(key) ? value[Number(key)] : undefined;
    else value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
};

/** The JSON pointer in a URI fragment (`#/definitions/a%20b`); undefined when the text is something else. */
export const pointerOfFragment = (fragment: string): string | undefined => {
  if (!fragment.startsWith('#')) return undefined;
  try {
    const pointer = decodeURIComponent(fragment.slice(1));
    return pointer === '' || pointer.startsWith('/') ? pointer : undefined;
  } catch {
    return undefined;
  }
};

/** A JSON pointer as the fragment of a URI. */
export const fragmentOfPointer = (pointer: string): string =>
  `#${pointer.split('/').map(encodeURIComponent).join('/')}`;
