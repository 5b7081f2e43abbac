// Saving bytes as a file.

const KEPT_FOR = 10_000;

/** What a file may be called that a sender named: no system opens one of these as a program. */
const KNOWN = /\.(?:csv|gif|jpe?g|json|pdf|png|txt|webp|xml|zip)$/i;
const MOST_NAME = 80;

/** A safe name for a part of a capture: its own, in plain letters, behind what tells it from others. */
export function partName(capture, number, filename = "") {
  const plain = filename.split(/[/\\]/).at(-1).replace(/[^A-Za-z0-9._-]/g, "_").slice(-MOST_NAME);
  return `${capture}-part-${number}${plain && `-${plain}`}${KNOWN.test(plain) ? "" : ".bin"}`;
}

/** `name` is of plain letters whatever it is made of. `content` is a Blob or bytes. */
export function download(name, content) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name.replace(/[^A-Za-z0-9._-]/g, "_").replace(/^[.-]+/, "");
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_FOR);
}
