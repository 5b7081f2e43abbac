// Re-indents JSON without reading it into values, so that every digit, escape and repeated key stays as it was sent.
// No DOM.

const SPACES = " \t\n\r";
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const LITERAL = /true|false|null/y;
/** How the text goes on after something that is no token, for the message. */
const REST = /[^\s,:{}[\]"]+|./suy;

const NAMES = {
  "U+0009": "a tab",
  "U+000A": "a line break",
  "U+00A0": "a no-break space",
  "U+200B": "a zero width space",
  "U+200C": "a zero width non-joiner",
  "U+200D": "a zero width joiner",
  "U+2028": "a line separator",
  "U+2029": "a paragraph separator",
  "U+202F": "a narrow no-break space",
  "U+FEFF": "a byte order mark",
};

const INDENT = "  ";
/** Deeper values are indented no further: there would be no room left for them. */
const MOST_INDENT = 20;
/** Indentation can multiply a text that is nothing but brackets; beyond this it is shown as sent. */
const MOST_TEXT = 8 * 1024 * 1024;
const MOST_DEPTH = 2_000;
/** Colours further down than anybody scrolls cost more than they tell. */
const MOST_MARKS = 5_000;
const MOST_FINDINGS = 100;

/**
 * @typedef {{start: number, end: number, kind: "key"|"string"|"number"|"literal"|"duplicate"|"error"}} Mark a stretch of `text`
 * @typedef {{message: string, line: number, column: number}} Finding where in the text as it was sent
 * @returns {{text: string, marks: Mark[], error?: Finding, duplicates: Finding[], repeated: number, tooLarge?: boolean}}
 * With an `error`, `text` is the text as sent, and the only mark shows where it stopped being JSON. `duplicates` holds
 * the first of the `repeated` keys.
 */
export function prettyJson(source) {
  const out = [];
  const marks = [];
  const duplicates = [];
  const stack = [];
  let length = 0;
  let at = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  let expect = "value";
  let repeated = 0;

  const position = positions(source);
  const emit = (text, kind) => {
    if (kind && marks.length < MOST_MARKS) marks.push({ start: length, end: length + text.length, kind });
    out.push(text);
    length += text.length;
  };
  const newlines = [];
  const newline = () => emit((newlines[stack.length] ??= `\n${INDENT.repeat(Math.min(stack.length, MOST_INDENT))}`));
  const skipSpace = () => {
    while (SPACES.includes(source[at] ?? "x")) at += 1;
  };
  const match = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (!found) return undefined;
    at += found[0].length;
    return found[0];
  };
  const fail = (message) => {
    const end = at + (at < source.length ? (peekRest(source, at)?.length ?? 1) : 0);
    const start = at < source.length ? at : Math.max(0, source.length - 1);
    return {
      text: source,
      marks: [{ start, end: Math.max(end, start + 1), kind: "error" }],
      error: { message, ...position(at) },
      duplicates: [],
      repeated: 0,
    };
  };
  const brokenString = () => {
    const fault = stringFault(source, at);
    at = fault.at;
    return fail(fault.message);
  };
  const string = () => {
    const end = stringEnd(source, at);
    if (end === undefined) return undefined;
    const token = source.slice(at, end);
    at = end;
    return token;
  };
  const closeValue = () => {
    expect = stack.length === 0 ? "end" : "comma";
  };

  for (;;) {
    skipSpace();
    if (length > MOST_TEXT || stack.length > MOST_DEPTH) return { text: source, marks: [], duplicates, repeated, tooLarge: true };
    const here = source[at];
    if (here === undefined) {
      if (expect === "end") return { text: out.join(""), marks, duplicates, repeated };
      return fail(stack.length === 0 ? "There is no value." : `The text ends inside ${stack.at(-1).keys ? "an object" : "an array"}.`);
    }
    if (expect === "end") return fail(`There is more after the end of the value: ${shown(source, at)}`);
    const top = stack.at(-1);

    if (expect === "comma") {
      if (here === ",") {
        at += 1;
        emit(",");
        newline();
        expect = top.keys ? "key" : "value";
      } else if (here === (top.keys ? "}" : "]")) {
        at += 1;
        stack.pop();
        newline();
        emit(here);
        closeValue();
      } else {
        return fail(`A comma or ${top.keys ? "}" : "]"} is missing before ${shown(source, at)}`);
      }
      continue;
    }

    if (expect === "first" && here === (top.keys ? "}" : "]")) {
      at += 1;
      stack.pop();
      emit(here);
      closeValue();
      continue;
    }
    if (expect === "first") {
      newline();
      expect = top.keys ? "key" : "value";
    }

    if (expect === "key") {
      const start = at;
      const key = string();
      if (key === undefined && here === '"') return brokenString();
      if (key === undefined) return fail(`A key in double quotes was expected, not ${shown(source, at)}`);
      const name = key.includes("\\") ? JSON.parse(key) : key.slice(1, -1);
      const known = top.keys.has(name);
      top.keys.add(name);
      if (known) {
        repeated += 1;
        if (repeated <= MOST_FINDINGS) {
          duplicates.push({ message: `The key ${clip(key)} is repeated.`, ...position(start) });
        }
      }
      emit(key, known ? "duplicate" : "key");
      skipSpace();
      if (source[at] !== ":") return fail(`A colon is missing after the key ${clip(key)}`);
      at += 1;
      emit(": ");
      expect = "value";
      continue;
    }

    if (here === "{" || here === "[") {
      at += 1;
      emit(here);
      stack.push({ keys: here === "{" ? new Set() : undefined });
      expect = "first";
      continue;
    }
    const start = at;
    const text = string();
    if (text !== undefined) {
      emit(text, "string");
    } else if (here === '"') {
      return brokenString();
    } else {
      const literal = match(LITERAL);
      const number = literal === undefined ? match(NUMBER) : undefined;
      const token = literal ?? number;
      if (token === undefined || !ends(source, at)) {
        at = start;
        return fail(`This is not a value: ${shown(source, at)}`);
      }
      emit(token, literal === undefined ? "number" : "literal");
    }
    closeValue();
  }
}

/** Whether a bare token really ends at `at`: "01" and "truex" do not. */
function ends(source, at) {
  const next = source[at];
  return next === undefined || /[\s,:{}[\]"]/.test(next);
}

function peekRest(source, at) {
  REST.lastIndex = at;
  return REST.exec(source)?.[0];
}

function shown(source, at) {
  const rest = peekRest(source, at);
  if (rest === undefined) return "the end";
  return clip(namedSpaces(rest));
}

function clip(text) {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** What nobody sees, by its name. */
function namedSpaces(text) {
  return text.replace(/[^\S ]|[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, (char) => {
    const code = `U+${char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
    return NAMES[code] ? `${code}, ${NAMES[code]}` : code;
  });
}

/** Where, and by what, the string that starts at `at` is broken. */
function stringFault(source, at) {
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

/** Where the string that starts at `at` ends, or undefined when none does. By hand: a pattern would backtrack. */
function stringEnd(source, at) {
  if (source[at] !== '"') return undefined;
  for (let index = at + 1; index < source.length; index += 1) {
    const code = source.charCodeAt(index);
    if (code === 0x22) return index + 1;
    if (code < 0x20) return undefined;
    if (code !== 0x5c) continue;
    index += 1;
    if (source[index] === "u" && /^[0-9a-fA-F]{4}$/.test(source.slice(index + 1, index + 5))) index += 4;
    else if (!'"\\/bfnrt'.includes(source[index] ?? " ")) return undefined;
  }
  return undefined;
}

/** Line and column of places that are asked for from the first to the last, in one walk through the text. */
function positions(source) {
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
