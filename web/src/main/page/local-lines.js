// The lines that run the command line client for a hook: docs/client.md. No DOM.

import { shellWord } from "./text.js";

const CLIENT = "java -jar hookwell.jar";

export function fetchLine(origin) {
  return `curl -fsSO ${shellWord(`${origin}/hookwell.jar`)}`;
}

/** Set by the shell itself, so that no list of processes shows the key. */
export function environmentLine({ id, viewKey }, origin) {
  return `export HOOKWELL_API=${shellWord(apiOf(id, origin))} HOOKWELL_KEY=${shellWord(viewKey)}`;
}

/** The same as a file for `--hook-file`. */
export function hookFile({ id, url, viewKey }, origin) {
  return `HOOKWELL_URL=${url}\nHOOKWELL_API=${apiOf(id, origin)}\nHOOKWELL_KEY=${viewKey}\n`;
}

/** `target` is a port or an address, as somebody typed it; `file`, if given, is where the key is. */
export function listenLine(target, file) {
  return [CLIENT, "listen", targetWord(target), fileWords(file)].filter(Boolean).join(" ");
}

export function replayLine(seq, target, file) {
  return [CLIENT, "replay", seq, "--to", targetWord(target), fileWords(file)].filter(Boolean).join(" ");
}

function apiOf(id, origin) {
  return `${origin}/api/hooks/${id}`;
}

/** A word that begins with a hyphen would be an option. */
function targetWord(target) {
  const trimmed = target.trim();
  return shellWord(trimmed === "" || trimmed.startsWith("-") || /[\u0000-\u001f\u007f]/.test(trimmed) ? "3000" : trimmed);
}

function fileWords(file) {
  return file ? `--hook-file ${shellWord(file)}` : "";
}
