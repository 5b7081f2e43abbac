// A capture as something to use elsewhere: a curl line, and the request as HTTP. No DOM.

import { base64, latin1, latin1Bytes, utf8Of } from "./bytes.js";
import { headerValues } from "./headers.js";
import { readableHeaders } from "./readable.js";
import { base64Word, byteWord, pasteable, printfWord, shellLine } from "./shell.js";
import { pathTail } from "./text.js";

/** What the network between the sender and us added, and what curl makes by itself. */
const NOT_REPEATED =
  /^(host|content-length|connection|transfer-encoding|expect|cookie|via|forwarded|x-forwarded-(for|port|proto|host)|x-amzn-trace-id|cdn-loop|cf-.*)$/;

/** All that the name of a header or a method may be made of. Another "name" could be a file that curl reads. */
export const TOKEN = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/;

/** A longer word on a command line is refused by Linux. */
const MOST_INLINE = 100_000;
/** From here on curl asks before it sends, by a header of its own. */
const ASKS_FIRST = 1_000_000;

/** A text as bytes, one character each: what is kept of a head is bytes already, unless the edge has read it. */
function bytesOf(text) {
  if (!/[^\u0000-\u00ff]/.test(text)) return text;
  return latin1(new TextEncoder().encode(text));
}

/** The path and query below the hook's own URL, as bytes that can be sent again. */
export function target(capture) {
  const tail = pathTail(capture.path);
  const path = capture.notes?.includes("path-decoded") ? encoded(tail) : bytesOf(tail);
  return (path === "/" && !capture.path.endsWith("/") ? "" : path) + (capture.query ? `?${bytesOf(capture.query)}` : "");
}

/** A path that the edge has decoded, so that decoding gives it again. What reads as UTF-8 was not escaped: it is sent as it came. */
function encoded(path) {
  const raw = !/[^\u0000-\u00ff]/.test(path) && utf8Of(path) !== undefined;
  return Array.from(path, (char) => {
    if (/[\u0021\u0024\u0026-\u003b\u003d\u0040-\u005b\u005d\u005f\u0061-\u007d~]/.test(char)) return char;
    return raw && /[\u0080-\u00ff]/.test(char) ? char : percent(char);
  }).join("");
}

function percent(char) {
  return Array.from(new TextEncoder().encode(char), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

/**
 * A line for a POSIX shell that sends the same request to `url`: `{text, inexact}`. Nothing in a capture can end its
 * quotes or is a key of a terminal. `inexact` says what no command line can hold.
 */
export function curlOf(capture, bytes, url) {
  const inexact = [];
  const words = ["curl", ...addressWords(capture, bytes, url, inexact)];
  const { headers, cookie } = repeatedHeaders(capture, inexact);
  for (const [name, value] of headers) words.push("-H", byteWord(value === "" ? `${name};` : `${name}: ${value}`));
  if (cookie !== undefined) words.push("-H", byteWord(`cookie: ${cookie}`));
  const names = new Set((capture.headers ?? []).map(([name]) => name.toLowerCase()));
  // What curl would add of its own and the sender did not send.
  for (const name of ["accept", "user-agent", ...(bytes.length > 0 ? ["content-type"] : []), ...(bytes.length > ASKS_FIRST ? ["expect"] : [])]) {
    if (!names.has(name)) words.push("-H", `${name}:`);
  }
  return { text: shellLine(withBody(words, bytes)), inexact: [...new Set(inexact)] };
}

/** The headers that are sent again, `{headers, cookie}`, each character of a value a byte. What no request can have is told in `inexact`. */
export function repeatedHeaders(capture, inexact) {
  const headers = [];
  for (const [name, value] of capture.headers ?? []) {
    if (NOT_REPEATED.test(name.toLowerCase())) continue;
    if (!TOKEN.test(name) || /[\0\r\n]/.test(value)) inexact.push("a header that no request can have is left out");
    else headers.push([name, bytesOf(value)]);
  }
  const cookies = (capture.cookies ?? []).filter((cookie) => !/[\0\r\n]/.test(cookie));
  if (cookies.length < (capture.cookies ?? []).length) inexact.push("a cookie that no request can have is left out");
  return { headers, cookie: cookies.length > 0 ? bytesOf(cookies.join("; ")) : undefined };
}

/** Method and address. What curl takes in no URL, or escapes in its path, goes into the request line as it is. */
function addressWords(capture, bytes, url, inexact) {
  const words = [];
  let below = target(capture);
  if (below.includes("\0")) {
    below = below.replaceAll("\0", "%00");
    inexact.push("a NUL byte in its address is written as %00");
  }
  if (below.endsWith("\n")) {
    below = below.replace(/\n+$/, (ends) => "%0A".repeat(ends.length));
    inexact.push("a line end at the end of its address is written as %0A");
  }
  const isUrl = !/[\u0000-\u0020\u007f#]/.test(below) && !/^[^?]*[\u0080-\u00ff]/.test(below);
  const address = isUrl ? url + below : url;
  if (/[[\]{}]/.test(address)) words.push("-g");
  if (isUrl && /\/\.{1,2}(\/|$|\?)/.test(address)) words.push("--path-as-is");
  if (!isUrl) words.push(...(url.startsWith("https:") ? ["--http1.1"] : []), "--request-target", byteWord(url.replace(/^[a-z]+:\/\/[^/]*/, "") + below));
  if (capture.method === "HEAD" && bytes.length === 0) words.push("-I");
  else if (!TOKEN.test(capture.method)) inexact.push("its method, which no request can have, is left out");
  else if (capture.method !== (bytes.length > 0 ? "POST" : "GET")) words.push("-X", byteWord(capture.method));
  return [...words, byteWord(address)];
}

/** Readable where it is text: as a word, or through printf, which takes line ends and every byte; else as base64. */
function withBody(words, bytes) {
  if (bytes.length === 0) return words;
  if (bytes.length <= MOST_INLINE && bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return [...words, "--data-raw", byteWord(latin1(bytes))];
  const sent = [...words, "--data-binary", "@-"];
  // Octal takes four characters for a byte, so that text in which many are no ASCII is not readable either way.
  const written = bytes.length <= MOST_INLINE ? printfWord(latin1(bytes)) : [];
  if (written.length > 0 && written.join("").length <= 2 * bytes.length + 20) return ["printf", written, "|", ...sent];
  return ["printf", "%s", base64Word(base64(bytes)), "|", "base64", "-d", "|", ...sent];
}

/** Start line and headers as HTTP/1.1 writes them. Names and repeats are as the edge delivered them. */
export function httpHead(capture) {
  const lines = [`${capture.method} ${capture.path}${capture.query ? `?${capture.query}` : ""} ${capture.protocol ?? "HTTP/1.1"}`];
  for (const [name, value] of capture.headers ?? []) lines.push(`${name}: ${value}`);
  if (capture.cookies?.length > 0 && headerValues(capture, "cookie").length === 0) lines.push(`cookie: ${capture.cookies.join("; ")}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** All headers as they read, for the clipboard. */
export function copiedHeaders(capture) {
  return pasteable(readableHeaders(capture).map(([name, value]) => `${name}: ${value}`).join("\n"));
}

/** The whole request for the clipboard, which takes text only. */
export function copiedRequest(capture, bytes) {
  const text = utf8Of(latin1(bytes));
  if (text !== undefined) return pasteable(httpHead(capture) + text);
  return { ...pasteable(httpHead(capture)), as: "in quotes, without the body, which is not UTF-8 text" };
}

/** The whole request, byte for byte, to be saved. */
export function httpBytes(capture, bytes) {
  const head = latin1Bytes(httpHead(capture).split("\r\n").map(bytesOf).join("\r\n"));
  const all = new Uint8Array(head.length + bytes.length);
  all.set(head);
  all.set(bytes, head.length);
  return all;
}
