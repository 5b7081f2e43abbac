// The bytes that come along with a capture. No DOM.

/** The bytes that a capture carries, or undefined when they have to be fetched. */
export function inlineBytes({ size, encoding, data }) {
  if (size === 0) return new Uint8Array();
  if (data === undefined || data === null) return undefined;
  return encoding === "base64" ? Uint8Array.from(atob(data), (char) => char.charCodeAt(0)) : new TextEncoder().encode(data);
}
