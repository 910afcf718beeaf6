/** A fenced block of a Markdown document: what its info string says, and what is in it. */
export interface Block {
  readonly language: string;
  /** The words after the language: `skip`, `background`, `output`. */
  readonly marks: readonly string[];
  /** The path after `file=`. */
  readonly file: string | undefined;
  readonly text: string;
  /** Where it begins. */
  readonly line: number;
}

const FENCE = /^```([^\n]*)\n([\s\S]*?)^```[ \t]*$/gm;

export const blocksIn = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(FENCE)].map(({ 1: info = '', 2: text = '', index }) => {
    const [language = '', ...words] = info.trim().split(/\s+/);
    return {
      language,
      marks: words.filter((word) => !word.startsWith('file=')),
      file: words.find((word) => word.startsWith('file='))?.slice('file='.length),
      text,
      line: markdown.slice(0, index).split('\n').length,
    };
  });

const withoutCode = (markdown: string): string => markdown.replaceAll(FENCE, '').replaceAll(/`[^`\n]*`/g, 'code');

/** What the links and images of a document lead to, those within code left out. */
export const linksIn = (markdown: string): readonly string[] =>
  [...withoutCode(markdown).matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)/gm)].map(
    ([, inline, reference]) => inline ?? reference ?? '',
  );

/** The anchors of a document's headings, as the usual renderers make them. */
export const anchorsIn = (markdown: string): ReadonlySet<string> =>
  new Set(
    [...markdown.replaceAll(FENCE, '').matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
        .replaceAll(/\s/g, '-'),
    ),
  );

/** The cells of every table row that stands under a heading, without the row of titles and the line below it. */
export const tableUnder = (markdown: string, heading: string): readonly (readonly string[])[] => {
  const [, after = ''] = markdown.split(new RegExp(`^#+ ${heading}$`, 'm'));
  const [section = ''] = after.split(/^#/m);
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .replace(/^\||\|\s*$/g, '')
        .split('|')
        .map((cell) => cell.trim()),
    );
};
