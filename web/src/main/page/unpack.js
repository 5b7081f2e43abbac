// Bodies that were packed before they were sent. No DOM.

import { joined } from "./bytes.js";

/** The most that is unpacked of one body, its parts and the values inside of them. */
const MOST_UNPACKED = 8 * 1024 * 1024;
/** The bytes given to a decompressor at once: all that they unpack to is there before anybody can look. */
const PIECE = 4_096;

/** By the names of content-encoding: the formats to try, in their order, as the browser calls them. */
const FORMATS = { gzip: ["gzip"], "x-gzip": ["gzip"], deflate: ["deflate", "deflate-raw"], br: ["brotli"], zstd: ["zstd"] };

/** Nothing is packed more often in itself. */
const MOST_LAYERS = 3;
const EXACT = "Size, SHA-256, hex and download are of the bytes as sent.";

/** How many `bytes` may still be unpacked of one body; `cuts` where a longer one is wanted as far as it goes. */
export function unpackBudget(bytes = MOST_UNPACKED, cuts = false) {
  return { bytes, cuts };
}

/**
 * `{bytes, remarks, failed}`: `bytes` unpacked, as far as they can be; `failed` where nothing of them can. `coding` is the
 * content-encoding, the last of several being the outermost; gzip, zlib and Zstandard are known by their first bytes too.
 * Bytes that are not packed stay, even where the request says that they are. The bytes that come out are taken off the
 * `budget`.
 */
export async function unpacked(bytes, coding, budget = unpackBudget()) {
  if (bytes.length === 0) return { bytes, remarks: [] };
  const said = coding.split(",").map((name) => name.trim()).filter((name) => name && name !== "identity");
  const declared = await asDeclared(bytes, said.reverse().slice(0, MOST_LAYERS), budget);
  if (declared.remarks.some(({ tone }) => tone === "warn")) return declared;
  return asFound(declared, budget);
}

async function asDeclared(bytes, names, budget) {
  let content = bytes;
  const done = [];
  for (const name of names) {
    const known = Object.hasOwn(FORMATS, name);
    const format = formatOf(content);
    const formats = [...new Set([...(known && format ? [format] : []), ...(known ? FORMATS[name] : [])])].filter(isKnown);
    if (formats.length === 0) return { bytes: content, remarks: [...doneRemarks(done), { tone: "info", text: `Sent with content-encoding ${name}, which is not unpacked here.` }] };
    const outcome = await firstOf(content, formats, budget);
    if (outcome.problem) {
      const remarks = [...doneRemarks(done), { tone: "warn", text: problemWords(outcome, name, content) }];
      return { bytes: outcome.bytes ?? content, remarks, failed: !outcome.bytes && format !== undefined };
    }
    content = outcome.bytes;
    done.push(format && outcome.format === format && !FORMATS[name].includes(format) ? `${format} (the request calls it ${name})` : name);
  }
  return { bytes: content, remarks: doneRemarks(done) };
}

function doneRemarks(done) {
  return done.length === 0 ? [] : [{ tone: "info", text: `Unpacked here from ${done.join(", then ")}. ${EXACT}` }];
}

function problemWords({ bytes, problem }, name, content) {
  if (bytes) return `Unpacked here from ${name} as far as it goes: ${problem} ${EXACT}`;
  if (/gzip|zstd/.test(name) && formatOf(content) === undefined) return `The request says content-encoding ${name}, but its bytes are no ${name}: they are shown as sent.`;
  return `Could not be unpacked from ${name}: ${problem}`;
}

/** The format that the first bytes alone tell. */
async function asFound({ bytes, remarks }, budget) {
  let content = bytes;
  const found = [...remarks];
  for (let layer = 0; layer < MOST_LAYERS; layer += 1) {
    const format = formatOf(content);
    if (!format || !isKnown(format)) break;
    const outcome = await inflate(content, format, budget);
    const name = format === "deflate" ? "zlib" : format;
    if (outcome.grows && !outcome.bytes) {
      found.push({ tone: "warn", text: `It is ${name}${found.length > 0 ? " again" : ""}, and not unpacked here: ${outcome.problem}` });
      return { bytes: content, remarks: found, failed: true };
    }
    // Other bytes begin so as well.
    if (outcome.problem && !((format === "gzip" || outcome.grows) && outcome.bytes)) break;
    content = outcome.bytes;
    const what = found.length > 0 ? `It is ${name} again: unpacked here too.` : `Unpacked here: it is ${name}, though no content-encoding says so. ${EXACT}`;
    found.push(outcome.problem ? { tone: "warn", text: `${what} Only as far as it goes: ${outcome.problem}` } : { tone: "info", text: what });
    if (outcome.problem) break;
  }
  return { bytes: content, remarks: found };
}

/** By the first bytes: the browser's name of a format that begins so. */
function formatOf([first, second, third, fourth]) {
  if (first === 0x1f && second === 0x8b && third === 8) return "gzip";
  if (first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd) return "zstd";
  return first === 0x78 && second !== undefined && (first * 256 + second) % 31 === 0 ? "deflate" : undefined;
}

/** The first of the formats that fits; else the outcome of the one that the first bytes tell. */
async function firstOf(bytes, formats, budget) {
  let failed;
  for (const format of formats) {
    const outcome = { ...(await inflate(bytes, format, budget)), format };
    if (!outcome.problem || outcome.grows) return outcome;
    failed ??= format === formatOf(bytes) ? outcome : { problem: outcome.problem };
  }
  return failed;
}

function isKnown(format) {
  try {
    return Boolean(new DecompressionStream(format));
  } catch {
    return false;
  }
}

/**
 * `{bytes, problem, grows}`: with a problem the bytes are those before it, and undefined where there are none; it `grows`
 * beyond the budget, of which all is taken that was unpacked, for use or not.
 */
async function inflate(bytes, format, budget) {
  const most = budget.bytes;
  const pieces = [];
  let total = 0;
  let problem;
  try {
    const reader = pieceStream(bytes).pipeThrough(new DecompressionStream(format)).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      total += value.length;
      pieces.push(value);
      if (total > most) {
        await reader.cancel();
        break;
      }
    }
  } catch {
    problem = "the packed data is damaged or cut off.";
  }
  budget.bytes = Math.max(0, most - total);
  if (total > most) return { problem: growsWords(most), grows: true, bytes: budget.cuts ? joined(pieces).subarray(0, most) : undefined };
  return problem && total === 0 ? { problem } : { bytes: joined(pieces), problem };
}

function growsWords(most) {
  return most === MOST_UNPACKED ? "it grows beyond 8 MiB." : "all that is unpacked of this body would grow beyond 8 MiB.";
}

function pieceStream(bytes) {
  let at = 0;
  const pull = (out) => {
    if (at >= bytes.length) return out.close();
    out.enqueue(bytes.subarray(at, at + PIECE));
    at += PIECE;
  };
  return new ReadableStream({ pull }, { highWaterMark: 0 });
}
