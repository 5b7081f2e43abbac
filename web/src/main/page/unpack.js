// What was packed before it was sent. No DOM.

/** Nothing grows larger. */
export const MOST_UNPACKED = 8 * 1024 * 1024;

/** By the names of content-encoding: the formats to try, in their order, as the browser calls them. */
const FORMATS = { gzip: ["gzip"], "x-gzip": ["gzip"], deflate: ["deflate", "deflate-raw"], br: ["brotli"], zstd: ["zstd"] };

/** Nothing is packed more often in itself. */
const MOST_LAYERS = 3;
const EXACT = "Size, SHA-256, hex and download are of the bytes as sent.";

/**
 * `{bytes, remarks, failed}`: what was packed, as far as it can be unpacked; `failed` where nothing of it can. `coding` is what the request says of the bytes, the
 * last of several being the outermost; gzip, zlib and Zstandard are known by their first bytes too. What is not packed
 * stays, whatever the request says.
 */
export async function unpacked(bytes, coding) {
  if (bytes.length === 0) return { bytes, remarks: [] };
  const said = coding.split(",").map((name) => name.trim()).filter((name) => name && name !== "identity");
  const declared = await asDeclared(bytes, said.reverse().slice(0, MOST_LAYERS));
  if (declared.remarks.some(({ tone }) => tone === "warn")) return declared;
  return asFound(declared);
}

async function asDeclared(bytes, names) {
  let content = bytes;
  const done = [];
  for (const name of names) {
    const known = Object.hasOwn(FORMATS, name);
    const format = formatOf(content);
    const formats = [...new Set([...(known && format ? [format] : []), ...(known ? FORMATS[name] : [])])].filter(isKnown);
    if (formats.length === 0) return { bytes: content, remarks: [...doneRemarks(done), { tone: "info", text: `Sent with content-encoding ${name}, which is not unpacked here.` }] };
    const outcome = await firstOf(content, formats);
    if (outcome.problem) return { bytes: outcome.bytes ?? content, remarks: [...doneRemarks(done), { tone: "warn", text: problemWords(outcome, name, content) }], failed: !outcome.bytes && format !== undefined };
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

/** What the first bytes alone tell. */
async function asFound({ bytes, remarks }) {
  let content = bytes;
  const found = [...remarks];
  for (let layer = 0; layer < MOST_LAYERS; layer += 1) {
    const format = formatOf(content);
    if (!format || !isKnown(format)) break;
    const outcome = await inflate(content, format);
    // Other bytes begin so as well.
    if (outcome.problem && !(format === "gzip" && outcome.bytes)) break;
    content = outcome.bytes;
    const name = format === "deflate" ? "zlib" : format;
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

/** The first of the formats that fits; else what comes of the one that the first bytes tell. */
async function firstOf(bytes, formats) {
  let failed;
  for (const format of formats) {
    const outcome = { ...(await inflate(bytes, format)), format };
    if (!outcome.problem) return outcome;
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

/** `{bytes, problem}`: with a problem the bytes are those before it, and undefined where there are none. */
async function inflate(bytes, format) {
  const parts = [];
  let total = 0;
  let problem;
  try {
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      total += value.length;
      parts.push(value);
      if (total > MOST_UNPACKED) {
        await reader.cancel();
        return { problem: "it grows beyond 8 MiB." };
      }
    }
  } catch {
    problem = "the packed data is damaged or cut off.";
  }
  const all = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return problem && all.length === 0 ? { problem } : { bytes: all, problem };
}
