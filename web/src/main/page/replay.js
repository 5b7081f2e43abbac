// A capture as something to use elsewhere: a curl line, and the request as text. No DOM.

import { shellWord, pathTail } from "./text.js";
import { base64, headerValues } from "./body.js";

/** What the network between the sender and us added, and what curl makes by itself. */
const NOT_REPEATED =
  /^(host|content-length|connection|transfer-encoding|expect|cookie|via|forwarded|x-forwarded-(for|port|proto|host)|x-amzn-trace-id|cdn-loop|cf-.*)$/;

/** A longer word on a command line is refused by Linux. */
const MOST_INLINE = 100_000;

/** The path and query below the hook's own URL, as they can be sent again. */
export function target(capture) {
  const tail = pathTail(capture.path);
  const decoded = capture.notes?.includes("path-decoded");
  const path = Array.from(tail, (char) => {
    if (char === "%") return decoded ? "%25" : "%";
    return /[\u0021\u0024-\u003b\u003d\u0040-\u005b\u005d\u005f\u0061-\u007d~]/.test(char) && !(decoded && char === "?") ? char : percent(char);
  }).join("");
  return (path === "/" && !capture.path.endsWith("/") ? "" : path) + (capture.query ? `?${capture.query}` : "");
}

function percent(char) {
  return Array.from(new TextEncoder().encode(char), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

/** A line for a POSIX shell that sends the same request to `url`. Nothing in a capture can end its quotes. */
export function curlOf(capture, bytes, url) {
  const words = ["curl"];
  const address = url + target(capture);
  if (/[[\]{}]/.test(address)) words.push("-g");
  if (/\/\.{1,2}(\/|$|\?)/.test(address)) words.push("--path-as-is");
  if (capture.method === "HEAD") words.push("-I");
  else if (capture.method !== (bytes.length > 0 ? "POST" : "GET")) words.push("-X", shellWord(capture.method));
  words.push(shellBytes(address));

  const names = new Set();
  for (const [name, value] of capture.headers ?? []) {
    names.add(name.toLowerCase());
    if (NOT_REPEATED.test(name.toLowerCase())) continue;
    words.push("-H", shellBytes(value === "" ? `${name};` : `${name}: ${value}`));
  }
  if (capture.cookies?.length > 0) words.push("-H", shellBytes(`cookie: ${capture.cookies.join("; ")}`));
  // What curl would add of its own and the sender did not send.
  for (const name of ["accept", "user-agent", ...(bytes.length > 0 ? ["content-type"] : [])]) {
    if (!names.has(name)) words.push("-H", shellWord(`${name}:`));
  }
  if (bytes.length === 0) return words.join(" ");

  const text = shellText(bytes);
  if (text !== undefined) return [...words, "--data-raw", shellWord(text)].join(" ");
  return `printf %s ${base64(bytes)} | base64 -d | ${[...words, "--data-binary", "@-"].join(" ")}`;
}

/** A word whose characters stand for one byte each, as those of a request's head do: a terminal would send two. */
function shellBytes(text) {
  if (!/[\u0080-\u00ff]/.test(text) || /[^\u0000-\u00ff]/.test(text)) return shellWord(text);
  const format = text.replace(/^-|[^\w :;,.=/()-]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`);
  return `"$(printf '${format}')"`;
}

/** The bytes as text that survives a terminal and a shell unchanged, or undefined. */
function shellText(bytes) {
  if (bytes.length > MOST_INLINE) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Start line and headers as HTTP/1.1 writes them. Names and repeats are as the edge delivered them. */
export function httpHead(capture) {
  const lines = [`${capture.method} ${capture.path}${capture.query ? `?${capture.query}` : ""} ${capture.protocol ?? "HTTP/1.1"}`];
  for (const [name, value] of capture.headers ?? []) lines.push(`${name}: ${value}`);
  if (capture.cookies?.length > 0 && headerValues(capture, "cookie").length === 0) lines.push(`cookie: ${capture.cookies.join("; ")}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}
