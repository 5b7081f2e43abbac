// What a captured body is, and how to show it as text: decoding, unpacking, pairs, parts, hex. No DOM.

import { prettyJson } from "./json.js";

/** Nothing larger is unpacked or re-indented on its own. */
export const MOST_UNPACKED = 8 * 1024 * 1024;
const MOST_PRETTY = 2 * 1024 * 1024;

const CONTROL = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

const UNPACKED = { gzip: "gzip", "x-gzip": "gzip", deflate: "deflate" };

/** All values of a header of a capture, in order. */
export function headerValues(capture, name) {
  return (capture.headers ?? []).filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
}

/** The bytes that a capture carries, or undefined when they have to be fetched. */
export function inlineBytes({ size, encoding, data }) {
  if (size === 0) return new Uint8Array();
  if (data === undefined || data === null) return undefined;
  return encoding === "base64" ? Uint8Array.from(atob(data), (char) => char.charCodeAt(0)) : new TextEncoder().encode(data);
}

/** Bytes for the clipboard, which only takes text: `{text, as}`, `as` naming the form when it is not the text itself. */
export function copyable(bytes) {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { text: base64(bytes), as: "as base64, since it is not UTF-8 text" };
  }
}

export function base64(bytes) {
  let text = "";
  // A multiple of three, so that the pieces join without padding.
  for (let at = 0; at < bytes.length; at += 24573) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + 24573)));
  }
  return text;
}

/** "text/plain; charset=utf-8" as `{type, parameters}`, names in lower case. */
export function mediaType(value) {
  const [type, ...rest] = (value ?? "").split(";");
  const parameters = {};
  for (const part of rest) {
    const [name, ...words] = part.split("=");
    parameters[name.trim().toLowerCase()] ??= words.join("=").trim().replace(/^"(.*)"$/s, "$1");
  }
  return { type: type.trim().toLowerCase(), parameters };
}

/**
 * Reads `bytes` by what the request said of them. `views` lists the ways to show them, the best first; each has a
 * `name` and a `text` with `marks`, or `pairs`, or `parts`. `remarks` are sentences about what was found.
 */
export async function readBody(capture, bytes) {
  const remarks = [];
  let content = bytes;
  const coding = headerValues(capture, "content-encoding").join(",").trim().toLowerCase();
  if (bytes.length > 0 && UNPACKED[coding]) {
    const { bytes: unpacked, problem } = await unpack(bytes, UNPACKED[coding]);
    if (unpacked) {
      content = unpacked;
      remarks.push({ tone: "info", text: `Unpacked here from ${coding}. Size, SHA-256, hex and download are of the bytes as sent.` });
    } else {
      remarks.push({ tone: "warn", text: `Could not be unpacked from ${coding}: ${problem}` });
      return { views: [hexView(bytes)], remarks };
    }
  } else if (bytes.length > 0 && coding && coding !== "identity") {
    remarks.push({ tone: "info", text: `Sent with content-encoding ${coding}, which is not unpacked here.` });
  }

  const { type, parameters } = mediaType(headerValues(capture, "content-type")[0]);
  if (type === "multipart/form-data" || type.startsWith("multipart/")) {
    const parts = multipart(content, parameters.boundary);
    if (parts) return { views: [{ name: "Parts", parts }, textView(content, parameters.charset)].concat(hexView(bytes)), remarks };
    remarks.push({ tone: "warn", text: "The parts could not be told apart: the boundary is missing or never closes." });
  }

  const decoded = decode(content, parameters.charset, remarks);
  if (decoded === undefined) return { views: [hexView(bytes), textView(content, "latin1", "Latin-1")], remarks };
  // Control characters are what binary formats have and text has not, unless it is said to be text.
  if (!parameters.charset && !/^text\/|json|xml/.test(type) && CONTROL.test(decoded.slice(0, 4096))) {
    return { views: [hexView(bytes), { name: "As sent", text: decoded }], remarks };
  }

  const views = [];
  if (type === "application/x-www-form-urlencoded") {
    views.push({ name: "Form", pairs: formPairs(decoded) });
  } else if (/[/+]json$/.test(type) || (/^\s*[{[]/.test(decoded) && !/xml|html/.test(type))) {
    views.push(...jsonViews(decoded, remarks, /[/+]json$/.test(type)));
  } else if (/[/+]xml$/.test(type)) {
    const text = decoded.length <= MOST_PRETTY ? prettyXml(decoded) : undefined;
    if (text !== undefined) views.push({ name: "Pretty", text });
  }
  views.push({ name: "As sent", text: decoded });
  return { views: [...views, hexView(bytes)], remarks };
}

function jsonViews(text, remarks, claimed) {
  const pretty = text.length > MOST_PRETTY ? { tooLarge: true } : prettyJson(text);
  if (pretty.tooLarge) {
    remarks.push({ tone: "info", text: "Too large to be re-indented here." });
    return [];
  }
  if (pretty.error) {
    if (!claimed) return [];
    remarks.push({
      tone: "warn",
      text: `Not valid JSON, line ${pretty.error.line}, column ${pretty.error.column}: ${pretty.error.message}`,
    });
    return [{ name: "Marked", text: pretty.text, marks: pretty.marks }];
  }
  for (const { message, line, column } of pretty.duplicates.slice(0, 5)) {
    remarks.push({ tone: "warn", text: `${message} Line ${line}, column ${column} as sent. Most readers keep only the last one.` });
  }
  if (pretty.repeated > 5) remarks.push({ tone: "warn", text: `${pretty.repeated} keys are repeated in all.` });
  return [{ name: "Pretty", text: pretty.text, marks: pretty.marks }];
}

/** Text by the charset that was named, else UTF-8; undefined when the bytes are no text. */
function decode(bytes, charset, remarks) {
  let label = charset || "utf-8";
  let decoder;
  try {
    decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  } catch {
    remarks.push({ tone: "warn", text: `The charset “${charset}” is unknown here; read as UTF-8.` });
    label = "utf-8";
    decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  }
  try {
    const text = decoder.decode(bytes);
    if (charset && decoder.encoding !== "utf-8") remarks.push({ tone: "info", text: `Read as ${charset}, as the request says.` });
    return text;
  } catch {
    remarks.push({ tone: "info", text: `Not valid ${label.toUpperCase()}, so it is shown byte by byte.` });
    return undefined;
  }
}

function textView(bytes, charset, name = "As sent") {
  let decoder;
  try {
    decoder = new TextDecoder(charset || "utf-8");
  } catch {
    decoder = new TextDecoder();
  }
  return { name, text: decoder.decode(bytes) };
}

function hexView(bytes) {
  return { name: "Hex", bytes };
}

/** Rows of sixteen bytes: offset, hex, and what is printable. */
export function hex(bytes, from = 0, to = bytes.length) {
  const rows = [];
  for (let offset = from; offset < Math.min(to, bytes.length); offset += 16) {
    const row = Array.from(bytes.subarray(offset, Math.min(offset + 16, to)));
    const digits = row.map((byte, at) => byte.toString(16).padStart(2, "0") + (at === 7 ? " " : "")).join(" ");
    const printable = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join("");
    rows.push(`${offset.toString(16).padStart(8, "0")}  ${digits.padEnd(48)}  ${printable}`);
  }
  return rows.join("\n");
}

async function unpack(bytes, format) {
  const parts = [];
  let total = 0;
  try {
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      total += value.length;
      if (total > MOST_UNPACKED) {
        await reader.cancel();
        return { problem: "it grows beyond 8 MiB." };
      }
      parts.push(value);
    }
  } catch {
    return { problem: "the packed data is damaged." };
  }
  const unpacked = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    unpacked.set(part, at);
    at += part.length;
  }
  return { bytes: unpacked };
}

/** The pairs of a query string or form, in order, repeats and all; what cannot be decoded stays as it is. */
export function formPairs(text) {
  return text
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [unescape(pair), ""] : [unescape(pair.slice(0, at)), unescape(pair.slice(at + 1))];
    });
}

function unescape(text) {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** The parts of a multipart body: `{headers, name, filename, type, bytes}` each; undefined when it has none. */
export function multipart(bytes, boundary) {
  if (!boundary) return undefined;
  // One character a byte, so that positions in the text are positions in the bytes.
  const text = latin1(bytes);
  const delimiter = `--${boundary}`;
  const parts = [];
  let at = text.startsWith(delimiter) ? 0 : text.indexOf(`\r\n${delimiter}`) + 2;
  if (at < 2 && !text.startsWith(delimiter)) return undefined;
  for (;;) {
    at += delimiter.length;
    if (text.startsWith("--", at)) return parts;
    const lineEnd = text.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const next = text.indexOf(`\r\n${delimiter}`, lineEnd);
    if (next < 0) return undefined;
    const headerEnd = text.indexOf("\r\n\r\n", lineEnd);
    const bodyStart = headerEnd < 0 || headerEnd > next ? lineEnd + 2 : headerEnd + 4;
    const headers = text
      .slice(lineEnd + 2, Math.max(lineEnd + 2, headerEnd))
      .split("\r\n")
      .filter(Boolean)
      .map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), utf8(line.slice(colon + 1).trim())];
      });
    const header = (name) => headers.find(([other]) => other === name)?.[1];
    const disposition = mediaType(header("content-disposition")).parameters;
    parts.push({
      headers,
      name: disposition.name ?? "",
      filename: disposition.filename,
      type: header("content-type"),
      bytes: bytes.subarray(bodyStart, Math.max(bodyStart, next)),
    });
    at = next + 2;
  }
}

/** Text of a small part, or undefined when it is not text. */
export function partText({ bytes }) {
  if (bytes.length > 4096) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return /[\u0000-\u0008]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** XML with one element a line, as text: nothing is parsed, resolved or fetched. Undefined when tags do not pair up. */
export function prettyXml(source) {
  const lines = [];
  let depth = 0;
  const tokens = xmlTokens(source);
  if (tokens === undefined) return undefined;
  let inline = false;
  for (const [index, token] of tokens.entries()) {
    if (!token.startsWith("<") || token.startsWith("<![CDATA[")) {
      if (token.trim() === "") continue;
      // Text between a start and its own end tag stays on their line.
      if (/^<[^!?/]/.test(tokens[index - 1] ?? "") && tokens[index + 1]?.startsWith("</")) {
        lines[lines.length - 1] += token;
        inline = true;
      } else {
        lines.push(INDENT(depth) + token.trim());
      }
    } else if (token.startsWith("</")) {
      depth -= 1;
      if (depth < 0) return undefined;
      const previous = tokens[index - 1] ?? "";
      if (inline || (/^<[^!?/]/.test(previous) && !previous.endsWith("/>"))) lines[lines.length - 1] += token;
      else lines.push(INDENT(depth) + token);
      inline = false;
    } else {
      lines.push(INDENT(depth) + token);
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

const INDENT = (depth) => "  ".repeat(Math.min(depth, 100));

function latin1(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) {
    text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  }
  return text;
}

/** Header text of a part is UTF-8 in practice, whatever the standard says. */
function utf8(text) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(text, (char) => char.charCodeAt(0)));
  } catch {
    return text;
  }
}
