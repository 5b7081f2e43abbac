// How much room text takes, in plain letters, as far as that can be told without laying it out. No DOM.

/** What a font leaves out is named, and a tab leads to the next stop. */
const NAME = 8;
const TAB = 4;

/** Whether every character takes the room of one letter. */
export function isPlain(text) {
  return !/[^\n\r\u0020-\u007e]/.test(text);
}

export function costOf(text, from, to) {
  let cost = 0;
  for (let at = from; at < to; at += 1) cost += costOfCode(text.charCodeAt(at));
  return cost;
}

function costOfCode(code) {
  if (code >= 0x20 && code < 0x7f) return 1;
  if (code === 0x09) return TAB;
  if (code < 0xa1 || code === 0xad) return NAME;
  if (code < 0x1100) return 1;
  if (code >= 0x2000 && code < 0x2070) return isHiddenMark(code) ? NAME : 1;
  if (code === 0xfeff || (code >= 0xfff0 && code < 0xfffc)) return NAME;
  // Halves of a pair take one each.
  if (code >= 0xd800 && code < 0xe000) return 1;
  return code < 0x2e80 || (code >= 0xfb00 && code < 0xfe30) ? 1 : 2;
}

function isHiddenMark(code) {
  return (code >= 0x200b && code < 0x2010) || (code >= 0x2028 && code < 0x202f) || code >= 0x2060;
}
