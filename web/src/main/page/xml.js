// Re-indents XML as text: nothing is parsed into elements, resolved or fetched. No DOM.

/** Deeper elements are indented no further: it could multiply a text, and would leave no room for it. */
const MOST_INDENT = 20;
const MOST_TEXT = 4 * 1024 * 1024;

/** XML with one element a line; undefined when tags do not pair up, or it would get too long. */
export function prettyXml(source) {
  const lines = [];
  let depth = 0;
  let length = 0;
  const add = (text) => {
    const line = "  ".repeat(Math.min(depth, MOST_INDENT)) + text;
    length += line.length;
    lines.push(line);
  };
  const tokens = xmlTokens(source);
  if (tokens === undefined) return undefined;
  let inline = false;
  for (const [index, token] of tokens.entries()) {
    if (length > MOST_TEXT) return undefined;
    if (!token.startsWith("<") || token.startsWith("<![CDATA[")) {
      if (token.trim() === "") continue;
      // Text between a start and its own end tag stays on their line.
      if (/^<[^!?/]/.test(tokens[index - 1] ?? "") && tokens[index + 1]?.startsWith("</")) {
        lines[lines.length - 1] += token;
        inline = true;
      } else {
        add(token.trim());
      }
    } else if (token.startsWith("</")) {
      depth -= 1;
      if (depth < 0) return undefined;
      const previous = tokens[index - 1] ?? "";
      if (inline || (/^<[^!?/]/.test(previous) && !previous.endsWith("/>"))) lines[lines.length - 1] += token;
      else add(token);
      inline = false;
    } else {
      add(token);
      if (/^<[^!?]/.test(token) && !token.endsWith("/>")) depth += 1;
    }
  }
  return depth === 0 && lines.length > 0 ? lines.join("\n") : undefined;
}

/** Tags, comments and the text between them; undefined when one does not end. By hand: a pattern would backtrack. */
function xmlTokens(source) {
  const tokens = [];
  let at = 0;
  while (at < source.length) {
    let end;
    if (source[at] !== "<") {
      end = source.indexOf("<", at);
      if (end < 0) end = source.length;
    } else if (source.startsWith("<!--", at)) {
      end = after(source, "-->", at + 4);
    } else if (source.startsWith("<![CDATA[", at)) {
      end = after(source, "]]>", at + 9);
    } else if (source.startsWith("<?", at)) {
      end = after(source, "?>", at + 2);
    } else {
      end = tagEnd(source, at + 1);
    }
    if (end === undefined) return undefined;
    tokens.push(source.slice(at, end));
    at = end;
  }
  return tokens;
}

function after(source, word, from) {
  const at = source.indexOf(word, from);
  return at < 0 ? undefined : at + word.length;
}

function tagEnd(source, from) {
  let quote;
  for (let at = from; at < source.length; at += 1) {
    const char = source[at];
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
    } else if (char === '"' || char === "'") {
      quote = char;
    } else if (char === ">") {
      return at + 1;
    } else if (char === "<") {
      return undefined;
    }
  }
  return undefined;
}
