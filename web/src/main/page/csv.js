// Comma-separated values as rows (RFC 4180), with whichever separator the first line has most of. No DOM.

const SEPARATORS = [",", ";", "\t", "|"];
const MOST_ROWS = 2_000;
const MOST_CELLS = 40_000;

/**
 * `{rows, more}`, the first rows of a text, and whether there are others; undefined where it is no table: with one column,
 * or a quote that never ends.
 */
export function csvRows(text) {
  // Some programs name the separator in a line of its own.
  const named = /^\ufeff?"?sep=([^\r\n"])"?\r?\n/i.exec(text);
  const separator = named?.[1] ?? separatorOf(text);
  if (separator === undefined) return undefined;
  const rows = [];
  let cells = 0;
  let at = named?.[0].length ?? (text.charCodeAt(0) === 0xfeff ? 1 : 0);
  while (at < text.length) {
    if (rows.length === MOST_ROWS || cells > MOST_CELLS) return { rows, more: true };
    const row = [];
    for (;;) {
      const cell = text[at] === '"' ? quoted(text, at, separator) : plain(text, at, separator);
      if (cell === undefined) return undefined;
      row.push(cell.value);
      at = cell.end;
      if (text[at] !== separator) break;
      at += 1;
    }
    at += /^\r?\n|^\r/.exec(text.slice(at, at + 2))?.[0].length ?? 0;
    cells += row.length;
    if (row.length > 1 || row[0] !== "") rows.push(row);
  }
  return rows.length > 0 ? { rows, more: false } : undefined;
}

function separatorOf(text) {
  const line = text.slice(0, 10_000).split(/\r?\n|\r/, 1)[0].replace(/"[^"]*"/g, "");
  const counts = SEPARATORS.map((separator) => line.split(separator).length - 1);
  const most = Math.max(...counts);
  return most === 0 ? undefined : SEPARATORS[counts.indexOf(most)];
}

function plain(text, from, separator) {
  let end = from;
  while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") end += 1;
  return { value: text.slice(from, end), end };
}

/** Two quotes inside of quotes stand for one. */
function quoted(text, from, separator) {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] === '"') continue;
    // What follows an end that is none belongs to the cell as well.
    const rest = plain(text, at + 1, separator);
    return { value: text.slice(from + 1, at).replaceAll('""', '"') + rest.value, end: rest.end };
  }
  return undefined;
}
