// Bytes as hexadecimal digits. No DOM.

/** Rows of sixteen bytes, or of `inRow`: offset, hex, and what is printable. */
export function hex(bytes, from = 0, to = bytes.length, inRow = 16) {
  const rows = [];
  const half = inRow / 2 - 1;
  for (let offset = from; offset < Math.min(to, bytes.length); offset += inRow) {
    const row = Array.from(bytes.subarray(offset, Math.min(offset + inRow, to)));
    const digits = row.map((byte, at) => byte.toString(16).padStart(2, "0") + (at === half ? " " : "")).join(" ");
    const printable = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join("");
    rows.push(`${offset.toString(16).padStart(8, "0")}  ${digits.padEnd(3 * inRow)}  ${printable}`);
  }
  return rows.join("\n");
}
