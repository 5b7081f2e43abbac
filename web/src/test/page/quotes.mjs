// How a POSIX shell reads the quotes of a line, for tests of what is copied.

/** The quotes that are still open at the end of a line that begins without any: of `'`, `"` and `$(`. */
export function openQuotes(line) {
  const open = [];
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at];
    const within = open.at(-1);
    if (within === "'") {
      if (char === "'") open.pop();
    } else if (char === "\\") {
      at += 1;
    } else if (char === within || (char === ")" && within === "$(")) {
      open.pop();
    } else if (char === "'" && within !== '"') {
      open.push(char);
    } else if (char === '"') {
      open.push(char);
    } else if (char === "$" && line[at + 1] === "(") {
      open.push("$(");
      at += 1;
    }
  }
  return open;
}
