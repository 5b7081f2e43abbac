// The lines that run the command line client for a hook, for the shells of Unix and of Windows: docs/client.md. No DOM.

import { shellWord } from "./text.js";

const CLIENT = "java -jar hookwell.jar";

/** By name: a word, what sets variables of the shell itself, and curl, by which PowerShell 5 means something else. */
const SHELLS = {
  sh: { word: shellWord, set: (pairs) => `export ${pairs.map(([name, value]) => `${name}=${shellWord(value)}`).join(" ")}`, curl: "curl" },
  PowerShell: { word: powerShellWord, set: (pairs) => pairs.map(([name, value]) => `$env:${name}=${powerShellText(value)}`).join("; "), curl: "curl.exe" },
  cmd: { word: cmdWord, set: (pairs) => pairs.map(([name, value]) => `set "${name}=${value}"`).join(" & "), curl: "curl" },
};

export const SHELL_NAMES = Object.keys(SHELLS);

/** The one that people use on a system, which `navigator.platform` names. */
export function usualShell(platform) {
  return /^win/i.test(platform) ? "PowerShell" : "sh";
}

export function fetchLine(origin, shell = "sh") {
  return `${SHELLS[shell].curl} -fsSO ${SHELLS[shell].word(`${origin}/hookwell.jar`)}`;
}

/** Set by the shell itself, so that no list of processes shows the key. */
export function environmentLine({ id, viewKey }, origin, shell = "sh") {
  return SHELLS[shell].set([
    ["HOOKWELL_API", apiOf(id, origin)],
    ["HOOKWELL_KEY", viewKey],
  ]);
}

/** The same as a file for `--hook-file`. */
export function hookFile({ id, url, viewKey }, origin) {
  return `HOOKWELL_URL=${url}\nHOOKWELL_API=${apiOf(id, origin)}\nHOOKWELL_KEY=${viewKey}\n`;
}

/** `target` is a port or an address, as somebody typed it; `file`, if given, is where the key is. */
export function listenLine(target, { file, shell = "sh" } = {}) {
  return [CLIENT, "listen", targetWord(target, shell), fileWords(file)].filter(Boolean).join(" ");
}

export function replayLine(seq, target, { file, shell = "sh" } = {}) {
  return [CLIENT, "replay", seq, "--to", targetWord(target, shell), fileWords(file)].filter(Boolean).join(" ");
}

function apiOf(id, origin) {
  return `${origin}/api/hooks/${id}`;
}

/** A word that begins with a hyphen would be an option; no address has a quote, which cmd can't take. */
function targetWord(target, shell) {
  const trimmed = target.trim();
  return SHELLS[shell].word(trimmed === "" || trimmed.startsWith("-") || /[\u0000-\u001f\u007f"]/.test(trimmed) ? "3000" : trimmed);
}

function fileWords(file) {
  return file ? `--hook-file ${file}` : "";
}

function powerShellWord(text) {
  return /^[A-Za-z0-9_\-.:/+=]+$/.test(text) ? text : powerShellText(text);
}

/** Nothing is special between its quotes but they themselves, of which it knows five. */
function powerShellText(text) {
  return `'${text.replace(/['\u2018-\u201b]/g, "$&$&")}'`;
}

/** Between quotes cmd leaves all as it is but %, which in an address is no variable's. */
function cmdWord(text) {
  return /^[A-Za-z0-9_\-.:/+]+$/.test(text) ? text : `"${text}"`;
}
