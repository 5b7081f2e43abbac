// A request as a program that sends it again, in the languages and shells that people paste into. No DOM.

import { base64, latin1, latin1Bytes, utf8Of } from "./bytes.js";
import { TOKEN, curlOf, repeatedHeaders, target } from "./replay.js";
import { base64Word, shellLine } from "./shell.js";
import { shellWord } from "./text.js";

/** No line of cmd may be longer. */
const MOST_IN_CMD = 8_000;

/** `{id, name}` of each form; `of(capture, bytes, url)` gives `{text, inexact}`, as curlOf does. */
export const FORMS = [
  { id: "curl", name: "curl, for POSIX shells", of: curlOf },
  { id: "powershell", name: "PowerShell", of: powershellOf },
  { id: "cmd", name: "curl, for Windows (cmd)", of: cmdOf },
  { id: "httpie", name: "HTTPie", of: httpieOf },
  { id: "fetch", name: "JavaScript (fetch)", of: fetchOf },
  { id: "python", name: "Python", of: pythonOf },
  { id: "go", name: "Go", of: goOf },
];

/** What all forms need, and what none of them can hold. */
function partsOf(capture, bytes, url, inexact) {
  const { headers, cookie } = repeatedHeaders(capture, inexact);
  const all = cookie === undefined ? headers : [...headers, ["cookie", cookie]];
  const method = TOKEN.test(capture.method) ? capture.method : bytes.length > 0 ? "POST" : "GET";
  if (method !== capture.method) inexact.push("its method, which no request can have, is left out");
  return { method, headers: all, below: target(capture), bytes, url };
}

/** An address that no program has to write anew: what is not allowed in one is escaped. */
function addressOf({ url, below }, inexact) {
  const escaped = below.replace(/[^\u0021\u0024-\u003b\u003d\u003f-\u005b\u005d\u005f\u0061-\u007a~|]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
  if (escaped !== below) inexact.push("characters that no address may have are escaped in it");
  return url + escaped;
}

/** Programs that read addresses as browsers do change some. */
function saidIfRewritten(address, inexact) {
  if (/\/(?:\.|%2e){1,2}(?:\/|$|\?)/i.test(address)) inexact.push("“..” in its path is resolved before it is sent");
  else if (new URL(address).href !== address) inexact.push("its address is written as browsers write it");
}

function done(text, inexact) {
  return { text, inexact: [...new Set(inexact)] };
}

/** JavaScript, with nothing but ASCII in it. */
function jsString(text) {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** For browsers and Node.js. */
function fetchOf(capture, bytes, url) {
  const inexact = [];
  const parts = partsOf(capture, bytes, url, inexact);
  const address = addressOf(parts, inexact);
  saidIfRewritten(address, inexact);
  const lines = [`  method: ${jsString(parts.method)},`];
  if (parts.headers.length > 0) lines.push("  headers: [", ...parts.headers.map(([name, value]) => `    [${jsString(name)}, ${jsString(value)}],`), "  ],");
  if (bytes.length > 0 && /^(GET|HEAD)$/.test(parts.method)) inexact.push(`fetch sends no body with ${parts.method}`);
  else if (bytes.length > 0) lines.push(`  body: ${jsBody(bytes)},`);
  if (/^(CONNECT|TRACE|TRACK)$/i.test(parts.method)) inexact.push(`fetch refuses ${parts.method}`);
  inexact.push("fetch adds headers of its own");
  return done(`await fetch(${jsString(address)}, {\n${lines.join("\n")}\n});\n`, inexact);
}

/** Bytes, since a string would bring a content-type along. */
function jsBody(bytes) {
  const text = utf8Of(latin1(bytes));
  if (text !== undefined && !text.startsWith("\ufeff") && isReadable(text)) return `new TextEncoder().encode(${jsString(text)})`;
  return `Uint8Array.from(atob(${jsString(base64(bytes))}), (char) => char.charCodeAt(0))`;
}

/** Whether a text is short enough, and made of enough letters, to be read where it is written. */
function isReadable(text) {
  return text.length <= 100_000 && (text.match(/[^\n\r\t\u0020-\u007e]/g)?.length ?? 0) * 4 < text.length;
}

/** With nothing to install. */
function pythonOf(capture, bytes, url) {
  const inexact = [];
  const parts = partsOf(capture, bytes, url, inexact);
  const { protocol, host, pathname } = new URL(url);
  const path = pathname + addressOf({ url: "", below: parts.below }, inexact);
  const lines = [
    "import http.client",
    "",
    ...(bytes.length > 0 ? [`body = ${pythonBytes(bytes)}`, ""] : []),
    `connection = http.client.HTTP${protocol === "https:" ? "S" : ""}Connection(${jsString(host)})`,
    `connection.putrequest(${jsString(parts.method)}, ${jsString(path)}, skip_accept_encoding=True)`,
    ...parts.headers.map(([name, value]) => `connection.putheader(${jsString(name)}, ${pythonBytes(latin1Bytes(value))})`),
    ...(bytes.length > 0 ? ['connection.putheader("content-length", str(len(body)))', "connection.endheaders(body)"] : ["connection.endheaders()"]),
    "response = connection.getresponse()",
    "print(response.status, response.read().decode())",
  ];
  return done(`${lines.join("\n")}\n`, inexact);
}

/** With the standard library alone, below the client that would add headers and follow redirects. */
function goOf(capture, bytes, url) {
  const inexact = [];
  const parts = partsOf(capture, bytes, url, inexact);
  const { origin, pathname } = new URL(url);
  const path = pathname + addressOf({ url: "", below: parts.below }, inexact);
  const body = bytes.length > 0 ? `bytes.NewReader([]byte(${goString(latin1(bytes))}))` : "nil";
  const names = new Set(parts.headers.map(([name]) => name.toLowerCase()));
  const lines = [
    "package main",
    "",
    "import (",
    ...[...(bytes.length > 0 ? ["bytes"] : []), "fmt", "io", "net/http"].map((name) => `\t"${name}"`),
    ")",
    "",
    "func main() {",
    `\trequest, err := http.NewRequest(${goString(parts.method)}, ${goString(origin)}, ${body})`,
    "\tif err != nil {",
    "\t\tpanic(err)",
    "\t}",
    `\trequest.URL.Opaque = ${goString(path)}`,
    ...parts.headers.map(([name, value]) => `\trequest.Header.Add(${goString(name)}, ${goString(value)})`),
    ...(names.has("user-agent") ? [] : ['\trequest.Header.Set("User-Agent", "")']),
    "\tresponse, err := (&http.Transport{DisableCompression: true}).RoundTrip(request)",
    "\tif err != nil {",
    "\t\tpanic(err)",
    "\t}",
    "\tanswer, _ := io.ReadAll(response.Body)",
    "\tfmt.Println(response.StatusCode, string(answer))",
    "}",
  ];
  return done(`${lines.join("\n")}\n`, inexact);
}

/** Of one character a byte; in lines that an editor takes. */
function goString(text) {
  const pieces = escapedPieces(text);
  return pieces.map((piece) => `"${piece}"`).join(" +\n\t\t");
}

/** A literal of bytes; long ones in lines that an editor takes. */
function pythonBytes(bytes) {
  const pieces = escapedPieces(latin1(bytes));
  return pieces.length === 1 ? `b"${pieces[0]}"` : `(\n${pieces.map((piece) => `    b"${piece}"`).join("\n")}\n)`;
}

/** Between double quotes, as Python and Go read them. */
function escapedPieces(text) {
  const escaped = text.replace(/[\\"]|[^\u0020-\u007e]/g, (char) => {
    const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\" }[char];
    return short ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  // No escape is cut in two.
  return escaped.length <= 160 ? [escaped] : escaped.match(/(?:\\x..|\\.|[^\\]){1,100}/gs);
}

function httpieOf(capture, bytes, url) {
  const inexact = [];
  const parts = partsOf(capture, bytes, url, inexact);
  const address = addressOf(parts, inexact);
  if (/%(?![0-9a-f]{2})/i.test(address)) inexact.push("HTTPie escapes the percent signs of its address");
  const words = ["http", ...(bytes.length > 0 ? [] : ["--ignore-stdin"]), "--path-as-is", shellWord(parts.method), shellWord(address)];
  const names = new Set(parts.headers.map(([name]) => name.toLowerCase()));
  for (const [name, value] of parts.headers) {
    const text = utf8Of(value);
    if (text === undefined || /[^\u0020-\u007e]/.test(text)) inexact.push(`the header ${name} is left out, since it is no ASCII`);
    else if (/\\[:;=@]/.test(text)) inexact.push(`the header ${name} is left out, since HTTPie would take a backslash out of it`);
    else words.push(shellWord(value === "" ? `${name};` : `${name}:${text.replace(/^[:;=@]/, "\\$&")}`));
  }
  for (const name of ["User-Agent", "Accept", "Accept-Encoding", "Content-Type", "Connection"]) {
    if (!names.has(name.toLowerCase()) && (name !== "Content-Type" || bytes.length > 0)) words.push(`${name}:`);
  }
  if (bytes.length === 0) return done(shellLine(words), inexact);
  return done(shellLine(["printf", "%s", base64Word(base64(bytes)), "|", "base64", "-d", "|", ...words]), inexact);
}

/** By .NET, which is there wherever PowerShell is, and which quotes nothing for another program. */
function powershellOf(capture, bytes, url) {
  const inexact = [];
  const parts = partsOf(capture, bytes, url, inexact);
  const address = addressOf(parts, inexact);
  saidIfRewritten(address, inexact);
  const lines = ["Add-Type -AssemblyName System.Net.Http", `$request = [System.Net.Http.HttpRequestMessage]::new([System.Net.Http.HttpMethod]::new(${psWord(parts.method)}), ${psWord(address)})`];
  if (bytes.length > 0) lines.push(`$request.Content = [System.Net.Http.ByteArrayContent]::new(${psBytes(bytes)})`);
  for (const [name, value] of parts.headers) {
    const ofContent = /^content-|^(?:allow|expires|last-modified)$/i.test(name);
    if (/[^\u0020-\u007e]/.test(value)) inexact.push(`the header ${name} is left out, since it is no ASCII`);
    else if (ofContent && bytes.length === 0) inexact.push(`the header ${name} is left out, since there is no body`);
    else lines.push(`[void]$request.${ofContent ? "Content." : ""}Headers.TryAddWithoutValidation(${psWord(name)}, ${psWord(value)})`);
  }
  lines.push("$client = [System.Net.Http.HttpClient]::new([System.Net.Http.HttpClientHandler]@{ UseCookies = $false; AllowAutoRedirect = $false })");
  lines.push("$response = $client.SendAsync($request).Result", "[int]$response.StatusCode", "$response.Content.ReadAsStringAsync().Result");
  return done(`${lines.join("\n")}\n`, inexact);
}

/** Of ASCII alone: PowerShell takes curly quotes for quotes. */
function psWord(text) {
  return `'${text.replaceAll("'", "''")}'`;
}

function psBytes(bytes) {
  const text = latin1(bytes);
  if (/^[\u0020-\u007e]*$/.test(text) && text.length <= 100_000) return `[System.Text.Encoding]::ASCII.GetBytes(${psWord(text)})`;
  return `[Convert]::FromBase64String(${psWord(base64(bytes))})`;
}

/** For the prompt of cmd, with the curl that Windows brings. */
function cmdOf(capture, bytes, url) {
  const inexact = [];
  const parts = partsOf(capture, bytes, url, inexact);
  const words = ["curl.exe", "-g", "--path-as-is"];
  if (parts.method === "HEAD" && bytes.length === 0) words.push("-I");
  else if (parts.method !== (bytes.length > 0 ? "POST" : "GET")) words.push("-X", cmdWord(parts.method));
  words.push(cmdWord(addressOf(parts, inexact)));
  const names = new Set(parts.headers.map(([name]) => name.toLowerCase()));
  for (const [name, value] of parts.headers) {
    if (/[^\u0020-\u007e]/.test(value)) inexact.push(`the header ${name} is left out, since it is no ASCII`);
    else words.push("-H", cmdWord(value === "" ? `${name};` : `${name}: ${value}`));
  }
  for (const name of ["accept", "user-agent", ...(bytes.length > 0 ? ["content-type", "expect"] : [])]) {
    if (!names.has(name)) words.push("-H", cmdWord(`${name}:`));
  }
  if (bytes.length === 0) return done(words.join(" "), inexact);
  const text = latin1(bytes);
  const line = [...words, "--data-raw", cmdWord(text)].join(" ");
  if (/^[\u0020-\u007e]*$/.test(text) && line.length <= MOST_IN_CMD) return done(line, inexact);
  inexact.push("its body is not in it: download it and name it body.bin");
  return done([...words, "--data-binary", "@body.bin"].join(" "), inexact);
}

/**
 * A word twice quoted: for the program, which reads backslashes before quotes, and for cmd, which reads carets, and names
 * of variables between percent signs. All of it is outside of what cmd takes for quotes.
 */
function cmdWord(text) {
  const quoted = text.replace(/(\\*)("|$)/g, (_, slashes, quote) => slashes + slashes + (quote ? '\\"' : ""));
  const escaped = quoted.replace(/[^A-Za-z0-9\s_\-:=+~'/.,?;*`[\]{}#$]/g, "^$&");
  return `^"${escaped.replace(/%(?!\^|$)/g, "%^")}^"`;
}
