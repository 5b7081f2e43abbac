// Saving bytes as a file.

const KEPT_FOR = 10_000;

/** What a file may be called that a sender named: no system opens one of these as a program. */
const KNOWN = /\.(?:csv|gif|jpe?g|json|pdf|png|txt|webp|xml|zip)$/i;
const MOST_NAME = 80;

/** The ending by which systems know a type that only shows something; others are ".bin". */
const ENDINGS = {
  "application/json": "json",
  "application/pdf": "pdf",
  "application/xml": "xml",
  "application/x-ndjson": "ndjson",
  "application/zip": "zip",
  "application/gzip": "gz",
  "application/x-www-form-urlencoded": "txt",
  "image/gif": "gif",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "text/csv": "csv",
  "text/plain": "txt",
  "text/xml": "xml",
};

function endingOf(type) {
  const plain = (type ?? "").split(";")[0].trim().toLowerCase();
  if (Object.hasOwn(ENDINGS, plain)) return ENDINGS[plain];
  if (/^[\w.-]+\/[\w.-]+\+json$/.test(plain)) return "json";
  return /^[\w.-]+\/[\w.-]+\+xml$/.test(plain) && plain !== "image/svg+xml" ? "xml" : "bin";
}

/** The name of a saved body: what its request calls its type tells how it ends. */
export function bodyName(capture, type) {
  return `${capture}.${endingOf(type)}`;
}

/** A safe name for a part of a capture: its own, in plain letters, behind what tells it from others. */
export function partName(capture, number, filename = "", type) {
  const plain = filename.split(/[/\\]/).at(-1).replace(/[^A-Za-z0-9._-]/g, "_").slice(-MOST_NAME);
  const ending = KNOWN.test(plain) ? "" : `.${plain ? "bin" : endingOf(type)}`;
  return `${capture}-part-${number}${plain && `-${plain}`}${ending}`;
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
