// What was packed before it was sent. No DOM.

/** Nothing grows larger. */
export const MOST_UNPACKED = 8 * 1024 * 1024;

/** By the names of content-encoding: the formats to try, in their order, as the browser calls them. */
const FORMATS = { gzip: ["gzip"], "x-gzip": ["gzip"], deflate: ["deflate", "deflate-raw"], br: ["brotli"], zstd: ["zstd"] };

/**
 * `{bytes, remark}`, or `{remark, failed}` where they could not be unpacked; undefined where nothing says that they are
 * packed. `coding` is what the request says of them; gzip is known by its first bytes too.
 */
export async function unpacked(bytes, coding) {
  if (bytes.length === 0) return undefined;
  const magic = bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
  const said = coding && coding !== "identity";
  if (!said && !magic) return undefined;
  const name = said ? coding : "gzip";
  const formats = Object.hasOwn(FORMATS, name) ? FORMATS[name].filter(isKnown) : [];
  if (formats.length === 0) return { remark: { tone: "info", text: `Sent with content-encoding ${name}, which is not unpacked here.` } };
  let outcome;
  for (const format of formats) {
    outcome = await inflate(bytes, format);
    if (outcome.bytes) break;
  }
  if (outcome.bytes) {
    const how = said ? `Unpacked here from ${name}.` : "Unpacked here: it is gzip, though no content-encoding says so.";
    return { bytes: outcome.bytes, remark: { tone: "info", text: `${how} Size, SHA-256, hex and download are of the bytes as sent.` } };
  }
  if (!said) return undefined;
  return { failed: true, remark: { tone: "warn", text: `Could not be unpacked from ${name}: ${outcome.problem}` } };
}

function isKnown(format) {
  try {
    return Boolean(new DecompressionStream(format));
  } catch {
    return false;
  }
}

async function inflate(bytes, format) {
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
  const all = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return { bytes: all };
}
