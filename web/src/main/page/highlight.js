// Colours for text that stays text: ranges of one text node, by the CSS Custom Highlight API.

const KINDS = ["key", "string", "number", "literal", "duplicate", "error", "hidden"];

let coloured = {};

/** Colours the `marks`, `{start, end, kind}` each, of the only text in `element`; nothing else keeps a colour. */
export function colour(element, marks) {
  if (!CSS.highlights) return;
  const node = element && Array.from(element.childNodes).find((child) => child.nodeType === Node.TEXT_NODE && child.length > 0);
  if (coloured.node === node && coloured.marks === marks) return;
  coloured = { node, marks };
  const ranges = Object.fromEntries(KINDS.map((kind) => [kind, []]));
  if (node) {
    for (const { start, end, kind } of marks) {
      if (end > node.length) continue;
      ranges[kind].push(new StaticRange({ startContainer: node, startOffset: start, endContainer: node, endOffset: end }));
    }
  }
  for (const kind of KINDS) CSS.highlights.set(`text-${kind}`, new Highlight(...ranges[kind]));
}
