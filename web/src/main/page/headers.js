// Headers of a capture, and what their values are made of. No DOM.

import { latin1Bytes } from "./bytes.js";

/** One parameter: its name, then a quoted string or all up to the next semicolon. */
const PARAMETER = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))/gs;

/** All values of a header of a capture, in order. */
export function headerValues(capture, name) {
  return (capture.headers ?? []).filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
}

/** "text/plain; charset=utf-8" as `{type, parameters}`, names in lower case. The first of two alike counts. */
export function mediaType(value) {
  const text = value ?? "";
  const parameters = {};
  for (const [, name, quoted, plain] of text.matchAll(PARAMETER)) {
    // Browsers write a backslash of a path as it is: only what has to be escaped was.
    parameters[name.toLowerCase()] ??= quoted === undefined ? plain.trim() : quoted.replace(/\\(["\\])/g, "$1");
  }
  for (const name of Object.keys(parameters).filter((name) => name.endsWith("*"))) {
    const extended = extendedValue(parameters[name]);
    if (extended !== undefined) parameters[name.slice(0, -1)] = extended;
  }
  return { type: text.split(";", 1)[0].trim().toLowerCase(), parameters };
}

/** "UTF-8''na%C3%AFve.txt" (RFC 8187), or undefined for what is none. */
function extendedValue(value) {
  const [, charset, escaped] = /^([\w-]+)'[^']*'(.*)$/s.exec(value) ?? [];
  if (charset === undefined) return undefined;
  try {
    const bytes = latin1Bytes(escaped.replace(/%([0-9a-fA-F]{2})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16))));
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
