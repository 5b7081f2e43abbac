// What is wrong with a text that is no JSON, in words. No DOM.

/** How the text goes on after something that is no token. */
const REST = /[^\s,:{}[\]"]+|./suy;
const MOST_SHOWN = 40;

const NAMES = {
  "U+0009": "a tab",
  "U+000A": "a line break",
  "U+00A0": "a no-break space",
  "U+00AD": "a soft hyphen",
  "U+200B": "a zero width space",
  "U+200C": "a zero width non-joiner",
  "U+200D": "a zero width joiner",
  "U+2028": "a line separator",
  "U+2029": "a paragraph separator",
  "U+202F": "a narrow no-break space",
  "U+2060": "a word joiner",
  "U+3000": "an ideographic space",
  "U+FEFF": "a byte order mark",
};

/** Line and column of places that are asked for from the first to the last, in one walk through the text. */
export function placeIn(source) {
  let line = 1;
  let lineStart = 0;
  return (at) => {
    for (let end = source.indexOf("\n", lineStart); end >= 0 && end < at; end = source.indexOf("\n", lineStart)) {
      line += 1;
      lineStart = end + 1;
    }
    return { line, column: at - lineStart + 1 };
  };
}

/** What stands there instead of a token. */
export function shownRest(source, at) {
  const rest = restAt(source, at);
  return rest === undefined ? "the end" : clip(namedSpaces(rest));
}

export function restLength(source, at) {
  return restAt(source, at)?.length ?? 0;
}

function restAt(source, at) {
  REST.lastIndex = at;
  return REST.exec(source)?.[0];
}

export function clip(text) {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

/** Where, and by what, the string that starts at `at` is broken. */
export function brokenString(source, at) {
  for (let index = at + 1; index < source.length; index += 1) {
    const code = source.charCodeAt(index);
    if (code === 0x22) break;
    if (code === 0x0a || code === 0x0d) return { at: index, message: "A line break stands inside a string, where JSON has \\n." };
    if (code < 0x20) return { at: index, message: `A control character stands inside a string: ${namedSpaces(source[index])}` };
    if (code !== 0x5c) continue;
    const escape = /^\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])/.exec(source.slice(index, index + 6));
    if (escape === null) return { at: index, message: `This is no escape of JSON: ${clip(namedSpaces(source.slice(index, index + 2)))}` };
    index += escape[0].length - 1;
  }
  return { at, message: "This string never ends." };
}

/** The first character after `at`, in what stands there instead of a token, that nobody sees: `{at, name}`. */
export function hiddenIn(source, at) {
  const found = restAt(source, at)?.search(HIDDEN) ?? -1;
  return found > 0 ? { at: at + found, name: nameOf(String.fromCodePoint(source.codePointAt(at + found))) } : undefined;
}

const HIDDEN = /[^\S ]|[\p{C}\p{Default_Ignorable_Code_Point}]/u;
const ALL_HIDDEN = new RegExp(HIDDEN, "gu");

/** What nobody sees, by its name; set apart from what else is there. */
function namedSpaces(text) {
  return text.replace(ALL_HIDDEN, (char) => (char === text ? nameOf(char) : `[${nameOf(char)}]`));
}

function nameOf(char) {
  const code = `U+${char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  return NAMES[code] ? `${code}, ${NAMES[code]}` : code;
}
