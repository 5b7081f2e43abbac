// How cmd.exe and the C library of a Windows program read a line, so that a line for them can be tried elsewhere: names
// between percent signs, then carets outside of quotes, then quotes and the backslashes before them.

const VARIABLES = { PATH: "expanded", x: "expanded" };

/** The arguments that a program gets of a line typed at the prompt, its own name first. */
export function cmdArguments(line) {
  const expanded = line.replace(/%([^%]+)%/g, (whole, name) => VARIABLES[name] ?? whole);
  return programArguments(withoutCarets(expanded));
}

function withoutCarets(line) {
  let quoted = false;
  let out = "";
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at];
    if (char === '"') quoted = !quoted;
    if (char === "^" && !quoted) {
      at += 1;
      out += line[at] ?? "";
      continue;
    }
    if (!quoted && "&|<>".includes(char)) throw new Error(`cmd takes ${char} for its own at ${at}`);
    out += char;
  }
  return out;
}

function programArguments(line) {
  const words = [];
  let word;
  let quoted = false;
  for (let at = 0; at < line.length; ) {
    const slashes = /^\\*/.exec(line.slice(at))[0].length;
    at += slashes;
    if (line[at] === '"') {
      word = (word ?? "") + "\\".repeat(Math.floor(slashes / 2));
      if (slashes % 2 === 1) word += '"';
      else quoted = !quoted;
      at += 1;
      continue;
    }
    if (slashes > 0) word = (word ?? "") + "\\".repeat(slashes);
    if (at >= line.length) break;
    if (line[at] === " " && !quoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + line[at];
    }
    at += 1;
  }
  return word === undefined ? words : [...words, word];
}
