// Bytes as hexadecimal digits. No DOM.

/** Rows of sixteen bytes: offset, hex, and what is printable. */
export function hex(bytes, from = 0, to = bytes.length) {
  const rows = [];
  for (let offset = from; offset < Math.min(to, bytes.length); offset += 16) {
    const row = Array.from(bytes.subarray(offset, Math.min(offset + 16, to)));
    const digits = row.map((byte, at) => byte.toString(16).padStart(2, "0") + (at === 7 ? " " : "")).join(" ");
    const printable = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join("");
    rows.push(`${offset.toString(16).padStart(8, "0")}  ${digits.padEnd(48)}  ${printable}`);
  }
  return rows.join("\n");
}
