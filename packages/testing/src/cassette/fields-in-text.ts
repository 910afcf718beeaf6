/** `<ns:name attribute="x">value</`: the value of an element, or of one in CDATA. */
const ELEMENT = /<((?:[\w.-]+:)?([\w.-]+))((?:\s[^<>]*)?)>(<!\[CDATA\[)?([^<\]]+)(\]\]>)?<\//g;
/** `name="value"`: an attribute, a part of a header, or the value of a script. */
const ATTRIBUTE = /(?<![\w.-])([\w.-]+)(\s*=\s*)(["'])([^"'<>]*)\3/g;
/** `"name": "value"` where the whole is no JSON. */
const MEMBER = /(\\*)"([\w .-]+)\1"(\s*:\s*)\1"((?:(?!\1")[^\\]|\\.)*?)\1"/g;

/** A text, such as XML, with what `change` makes of the values of its fields; `undefined` leaves one as it is. */
export const mapFieldsInText = (text: string, change: (name: string, value: string) => string | undefined): string =>
  text
    .replace(
      ELEMENT,
      (whole: string, tag: string, name: string, rest: string, open = '', value: string, close = '') => {
        const changed = change(name, value);
        return changed === undefined ? whole : `<${tag}${rest}>${open}${changed}${close}</`;
      },
    )
    .replace(ATTRIBUTE, (whole: string, name: string, is: string, quote: string, value: string) => {
      const changed = change(name, value);
      return changed === undefined ? whole : `${name}${is}${quote}${changed}${quote}`;
    })
    .replace(MEMBER, (whole: string, slashes: string, name: string, is: string, value: string) => {
      const changed = change(name, value);
      return changed === undefined ? whole : `${slashes}"${name}${slashes}"${is}${slashes}"${changed}${slashes}"`;
    });
