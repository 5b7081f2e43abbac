// Bytes for the clipboard. No DOM.

import { base64 } from "./bytes.js";
import { escapedText } from "./captured-text.js";

/**
 * `{text, as}`, since a clipboard only takes text; `as` names the form when it is not the text itself. What a terminal
 * would act on and nobody sees is escaped.
 */
export function copyable(bytes) {
  try {
    const sent = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const text = escapedText(sent);
    return text === sent ? { text } : { text, as: "with escapes for characters that are not seen. The download is exact" };
  } catch {
    return { text: base64(bytes), as: "as base64, since it is not UTF-8 text" };
  }
}
