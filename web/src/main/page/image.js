// Pictures that a browser can be trusted to show: of points, known by their first bytes, and not too large. No DOM.

/** A picture of more points takes a browser more memory than it tells. */
const MOST_POINTS = 40_000_000;

/** `{type, width, height}` of PNG, JPEG, GIF or WebP; undefined of all else. */
export function imageOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = png(bytes, view) ?? gif(bytes, view) ?? jpeg(bytes, view) ?? webp(bytes, view);
  const fits = found && found.width > 0 && found.height > 0 && found.width * found.height <= MOST_POINTS;
  return fits ? found : undefined;
}

function isAt(bytes, at, text) {
  return bytes.length >= at + text.length && Array.from(text).every((char, index) => bytes[at + index] === char.charCodeAt(0));
}

function png(bytes, view) {
  if (bytes.length < 24 || !isAt(bytes, 0, "\u0089PNG\r\n\u001a\n")) return undefined;
  return { type: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
}

function gif(bytes, view) {
  if (bytes.length < 10 || !(isAt(bytes, 0, "GIF87a") || isAt(bytes, 0, "GIF89a"))) return undefined;
  return { type: "image/gif", width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

/** The size stands in the first of the frames' heads. */
function jpeg(bytes, view) {
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = bytes[at + 1];
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { type: "image/jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
  }
  return undefined;
}

function webp(bytes, view) {
  if (bytes.length < 30 || !isAt(bytes, 0, "RIFF") || !isAt(bytes, 8, "WEBP")) return undefined;
  if (isAt(bytes, 12, "VP8X")) return { type: "image/webp", width: 1 + u24(bytes, 24), height: 1 + u24(bytes, 27) };
  if (isAt(bytes, 12, "VP8 ")) return { type: "image/webp", width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (!isAt(bytes, 12, "VP8L")) return undefined;
  const bits = view.getUint32(21, true);
  return { type: "image/webp", width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) };
}

function u24(bytes, at) {
  return bytes[at] + 256 * bytes[at + 1] + 65_536 * bytes[at + 2];
}
