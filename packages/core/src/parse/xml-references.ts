const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Text with the five entities of XML and its character references decoded, once. All else that looks like an entity stays
 * as written, those declared in a DTD too: expanding them is how a small document fills the memory.
 */
export const decodeReferences = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-fA-F]{1,6}));/g, (written, name, decimal, hex) => {
        if (typeof name === 'string') return NAMED[name] ?? written;
        const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
        return isCharacter(code) ? String.fromCodePoint(code) : written;
      })
    : text;

/** Text as it stands in an XML document, within an element or an attribute. */
export const encodeReferences = (text: string): string =>
  text.replace(/[&<>"'\r\n\t]/g, (sign) => ENCODED[sign] ?? sign);

const ENCODED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A reader would turn them into others: CR into LF, and in attributes all three into blanks.
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** Whether XML 1.0 allows the character at all. */
export const isCharacter = (code: number): boolean =>
  code === 0x9 ||
  code === 0xa ||
  code === 0xd ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x10000 && code <= 0x10ffff);
