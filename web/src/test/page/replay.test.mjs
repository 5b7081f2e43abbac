import assert from "node:assert/strict";
import { spawnSync, spawn } from "node:child_process";
import { createServer } from "node:http";
import { test } from "node:test";
import { curlOf, httpBytes, httpHead, target } from "../../main/page/replay.js";
import { byteWord, pasteable } from "../../main/page/shell.js";
import { openQuotes } from "./quotes.mjs";

const ID = "AQ".padEnd(44, "x");
const capture = (change) => ({ method: "POST", path: `/h/${ID}`, query: "", headers: [], cookies: [], notes: [], protocol: "HTTP/1.1", ...change });
const curlIsHere = spawnSync("curl", ["--version"]).status === 0;

/** Runs a line in a shell against a server of our own and gives back the one request that arrived. */
async function run(line, url) {
  const received = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ method: request.method, url: request.url, headers: request.rawHeaders, body: Buffer.concat(chunks) });
      response.end();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const shell = spawn("sh", [], { stdio: ["pipe", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [shell.stdout, shell.stderr]) stream.on("data", (data) => (printed += data));
  // On standard input, as pasting does it.
  shell.stdin.end(`${line.replaceAll(url, `http://127.0.0.1:${server.address().port}/h/${ID}`)}\n`);
  await new Promise((resolve) => shell.on("close", resolve));
  server.close();
  assert.equal(received.length, 1, printed);
  return { ...received[0], printed };
}

const URL = `https://hooks.example/h/${ID}`;

const BODIES = {
  json: '{"a":"it\'s"}',
  quotes: `'"'"' \\' \\\\ "`,
  substitution: "$(touch pwned) `touch pwned` ${HOME} $HOME ; rm -rf / & | > x",
  at: "@/etc/passwd",
  lines: "one\ntwo\n\nthree\n",
  returns: "one\r\ntwo\r",
  nul: "a\0b",
  escape: "\u001b[2J\u0007",
  unicode: "é€😀\u2028",
  bom: "\ufefftext",
  dashes: "--data-raw x -o y",
  exclamation: "!! !x",
  percent: "%s%n%25",
  every: Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256)),
  long: "x'".repeat(80_000),
};

for (const [name, body] of Object.entries(BODIES)) {
  test(`copiedCurlSendsTheSameBytes ${name}`, { skip: !curlIsHere && "there is no curl on the PATH" }, async () => {
    const bytes = Buffer.from(body);
    const request = await run(curlOf(capture({}), new Uint8Array(bytes), URL).text, URL);
    assert.ok(request.body.equals(bytes));
    assert.equal(request.method, "POST");
    assert.equal(request.printed.replace(/^[^\n]*%[^]*$/, ""), "", "nothing else ran");
  });
}

test("copiedCurlSendsTheSameRequest", { skip: !curlIsHere && "there is no curl on the PATH" }, async () => {
  const sent = capture({
    method: "PATCH",
    path: `/h/${ID}/a/../b;x=1/[c]/`,
    query: "a=1&a=2&%zz&b={d}",
    headers: [
      ["host", "hooks.example"],
      ["content-length", "2"],
      ["content-type", "application/x'y"],
      ["x-empty", ""],
      ["x-evil", "$(id) `id` \"'"],
      ["-latin", "caf\u00e9 '%s\\n $(id)"],
      ["x-forwarded-for", "203.0.113.7"],
    ],
    cookies: ["a=1", "b=<b>"],
  });
  const request = await run(curlOf(sent, new TextEncoder().encode("{}"), URL).text, URL);
  const headers = request.headers.reduce((pairs, word, index, all) => (index % 2 ? pairs : [...pairs, [word.toLowerCase(), all[index + 1]]]), []);
  assert.equal(request.method, "PATCH");
  assert.equal(request.url, `/h/${ID}/a/../b;x=1/[c]/?a=1&a=2&%zz&b={d}`);
  assert.deepEqual(
    headers.filter(([name]) => !["host", "connection"].includes(name)).sort(),
    [
      ["content-length", "2"],
      ["content-type", "application/x'y"],
      ["cookie", "a=1; b=<b>"],
      ["x-empty", ""],
      ["x-evil", "$(id) `id` \"'"],
      ["-latin", "caf\u00e9 '%s\\n $(id)"],
    ].sort(),
    "and neither accept nor user-agent, which the sender did not send",
  );
});

test("whatNoRequestCanHaveIsLeftOutAndSaid", () => {
  const odd = capture({ method: "$(id)", query: "a=\0", headers: [["@/etc/passwd", "x"], ["x-a", "b\r\nx-c: d"]], cookies: ["a=\n"] });
  const { text, inexact } = curlOf(odd, new Uint8Array(), URL);
  assert.equal(text, `curl '${URL}?a=%00' -H accept: -H user-agent:`);
  assert.equal(inexact.length, 4, inexact.join("; "));
  assert.deepEqual(curlOf(capture({ method: "PURGE|x" }), new Uint8Array(), URL).inexact, []);
});

test("whatNoUrlHoldsIsSaidByTheRequestLine", () => {
  assert.equal(
    curlOf(capture({ query: "a=\u0015 #" }), new Uint8Array([65]), URL).text,
    `curl --http1.1 --request-target "$(printf '/h/${ID}\\077a=\\025 \\043')" ${URL} -H accept: -H user-agent: -H content-type: --data-raw A`,
  );
});

test("aBodyIsReadableWhereItIsText", () => {
  const line = (body) => curlOf(capture({}), new TextEncoder().encode(body), URL).text;
  assert.match(line('{"a":\n "é"}'), /^printf '\{"a":\\n "\\303\\251"\}' \| curl /);
  assert.match(line("日本語".repeat(50)), /^printf %s [A-Za-z0-9+/=]+ \| base64 -d \| curl /);
});

test("aLongLineIsBrokenBetweenWholeQuotes", () => {
  const { text } = curlOf(capture({}), new TextEncoder().encode("it's ".repeat(1_000)), URL);
  for (const line of text.split("\n")) {
    assert.ok(line.length < 1_100, `${line.length}`);
    assert.equal(line.replaceAll("\\'", "").split("'").length % 2, 1, line);
  }
});

/** Each of them long enough for several lines. */
const HOSTILE = {
  latin: "\u00e9",
  utf8: "\u00c3\u00a9 !! ",
  controls: "\u0001\u001b[201~\u007f",
  quotes: "'\"`\\ \u0080",
  substitution: "$(touch F) \u0080",
  history: "!!:s/x/y/ !touch ^a^b \u0080",
  ends: "'\"",
  backslashes: "\\",
  dashes: "-\u0080-",
};

for (const [name, text] of Object.entries(HOSTILE)) {
  test(`noLineOfACopiedCommandLeavesAQuoteOpen ${name}`, () => {
    const long = text.repeat(600);
    const sent = capture({ path: `/h/${ID}/${long}`, query: long, headers: [["x-a", long], ["x-b", "'!!'"]], cookies: [long] });
    for (const body of [long, `${long}\r\n${long}\n`, `${long}\u0000`]) {
      const { text: command } = curlOf(sent, Uint8Array.from(body, (char) => char.charCodeAt(0)), URL);
      const lines = command.split("\n");
      assert.ok(lines.length > 3);
      for (const line of lines) {
        assert.deepEqual(openQuotes(line.replace(/\\$/, "")), [], line);
        assert.ok(line.length < 1_100, `${line.length}`);
      }
    }
  });
}

test("openQuotesAreSeen", () => {
  assert.deepEqual(openQuotes(`a 'b' "c" "$(printf 'd')" \\' "\\""`), []);
  assert.deepEqual(openQuotes(`"$(printf 'a'`), ['"', "$("]);
  assert.deepEqual(openQuotes(`'a"`), ["'"]);
  assert.deepEqual(openQuotes(`"a'`), ['"']);
});

/** What the shell makes of a word. */
function read(word) {
  return spawnSync("sh", ["-c", `printf %s ${word}`], { encoding: "latin1" }).stdout;
}

test("aWordInPiecesIsTheSameText", () => {
  for (const text of [
    ...Object.values(HOSTILE).map((piece) => piece.repeat(200)),
    `${"x".repeat(239)}\n\n\u00e9`,
    `\u00e9${"\n".repeat(500)}-\u00e9`,
    "\n\u00e9",
  ]) {
    assert.equal(read(byteWord(text).join("")), text);
  }
});

test("aLineEndAtTheEndOfAnAddressIsWrittenOut", () => {
  const { text, inexact } = curlOf(capture({ query: "a=\n\n" }), new Uint8Array(), URL);
  assert.equal(text, `curl -X POST '${URL}?a=%0A%0A' -H accept: -H user-agent:`);
  assert.deepEqual(inexact, ["a line end at the end of its address is written as %0A"]);
});

test("copiedLinesAreOneWordInWhichNoLineMeansHistory", () => {
  for (const text of [
    "a\n!! b\n^a^touch F^\n",
    "it's\n'!!'\n\\!x\\\\!\\\n^",
    '"\n!touch "!" \n^^',
    `${Object.values(HOSTILE).slice(4).join("\n")}\n`.replaceAll("\u0080", ""),
  ]) {
    const { text: word } = pasteable(text);
    assert.equal(read(word), text);
    assert.doesNotMatch(word, /(^|[^\\])!/);
    assert.doesNotMatch(word, /^\^/m);
  }
  assert.equal(pasteable("one line! ^").text, "one line! ^");
});

test("aRequestIsSavedByteForByte", () => {
  const saved = httpBytes(capture({ query: "q=\u00e9", headers: [["x-a", "\u00c3\u00b8"]] }), new Uint8Array([0, 255]));
  assert.equal(Buffer.from(saved).toString("latin1"), `POST /h/${ID}?q=\xe9 HTTP/1.1\r\nx-a: \xc3\xb8\r\n\r\n\0\xff`);
});

test("aDecodedPathIsEncodedAgain", () => {
  assert.equal(target(capture({ path: `/h/${ID}/a b/%41/é?`, notes: ["path-decoded"] })), "/a%20b/%2541/%C3%A9%3F");
  assert.equal(target(capture({ path: `/h/${ID}/%41` })), "/%41");
  assert.equal(target(capture({ path: `/s/${ID}/orders`, query: "a=1" })), "/orders?a=1");
  assert.equal(target(capture({ path: `/s/${ID}` })), "");
  assert.equal(target(capture({ path: `/h/${ID}/\u00c3\u00b8`, notes: ["path-decoded"] })), "/\u00c3\u00b8", "bytes that are UTF-8 were not escaped");
  assert.equal(target(capture({ path: `/h/${ID}/\u00c3\u00b8\u0015` })), "/\u00c3\u00b8\u0015", "an exact path is sent as it came");
  assert.equal(target(capture({ path: `/h/${ID}` })), "");
  assert.equal(target(capture({ path: `/h/${ID}/`, query: "x" })), "/?x");
});

test("headIsWrittenAsHttp", () => {
  assert.equal(
    httpHead(capture({ query: "a=1", headers: [["accept", "*/*"]], cookies: ["a=1", "b=2"] })),
    `POST /h/${ID}?a=1 HTTP/1.1\r\naccept: */*\r\ncookie: a=1; b=2\r\n\r\n`,
  );
});
