// Saving bytes as a file.

const KEPT_FOR = 10_000;

/** `name` is made of ids only, never of what was captured, and of plain letters whatever it is. `content` is a Blob or bytes. */
export function download(name, content) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name.replace(/[^A-Za-z0-9._-]/g, "_").replace(/^[.-]+/, "");
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_FOR);
}
