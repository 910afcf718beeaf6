const PARSERS: Readonly<Record<string, string>> = { ts: 'typescript', json: 'json', md: 'markdown' };

/** The text of a file as the formatter of the kit's own code has it. */
export const formatted = async (path: string, text: string): Promise<string> => {
  // Takes a moment to load.
  const { format } = await import('prettier');
  const parser = PARSERS[path.slice(path.lastIndexOf('.') + 1)];
  return parser === undefined ? text : format(text, { parser, singleQuote: true, printWidth: 120 });
};
