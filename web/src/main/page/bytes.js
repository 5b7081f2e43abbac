// Bytes as text and back. No DOM.

/** One character a byte, so that positions in the text are positions in the bytes. */
export function latin1(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return text;
}

/** The bytes of such a text. */
export function latin1Bytes(text) {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Pieces one after another. */
export function joined(pieces) {
  const all = new Uint8Array(pieces.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Such a text as UTF-8, or undefined when its bytes are not. */
export function utf8Of(text) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(latin1Bytes(text));
  } catch {
    return undefined;
  }
}

export function base64(bytes) {
  let text = "";
  // A multiple of three, so that the pieces join without padding.
  for (let at = 0; at < bytes.length; at += 24573) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + 24573)));
  }
  return text;
}

/** The bytes of what is written as base64; undefined of what is not, of which atob forgives much. */
export function fromBase64(text) {
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return bytes.length > 0 && base64(bytes).replace(/=+$/, "") === text.replace(/=+$/, "") ? bytes : undefined;
  } catch {
    return undefined;
  }
}
