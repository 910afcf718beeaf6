/** Records with the ids from 1 to `count`. */
export const ids = (count: number): { readonly id: number }[] =>
  Array.from({ length: count }, (_, index) => ({ id: index + 1 }));

/** The JSON that a URL answers with. */
export const jsonOf = async (url: string, init?: RequestInit): Promise<unknown> => (await fetch(url, init)).json();
