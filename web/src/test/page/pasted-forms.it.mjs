// Everything that the page copies, pasted into interactive shells on a terminal: nothing of it runs, and a curl line
// sends the very bytes that were captured.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { copyable } from "../../main/page/copyable.js";
import { latin1 } from "../../main/page/bytes.js";
import { escapedJson } from "../../main/page/captured-text.js";
import { routeOf } from "../../main/page/hooks.js";
import { copiedHeaders, copiedRequest, curlOf, httpBytes } from "../../main/page/replay.js";
import { pasteable } from "../../main/page/shell.js";
import { exampleCurl } from "../../main/page/text.js";
import { openQuotes } from "./quotes.mjs";

const ID = "AQ".padEnd(44, "x");
const KEY = "k".repeat(43);
const here = (program) => spawnSync(program, ["-c", "exit 0"]).status === 0;
const missing = ["python3", "curl"].find((program) => spawnSync(program, ["--version"]).status !== 0);

const TERMINALS = [
  ["bash", []],
  ["bash", ["--bracketed"]],
  ["bash", ["--c-locale"]],
  ["dash", []],
  ["zsh", []],
  ["zsh", ["--bracketed"]],
].filter(([shell]) => here(shell));

// What a character may do is part of what a sender tries with it: to end a quote, a paste or a line, to erase it, to
// accept it.
const PAYLOADS = (char) => [
  `${char}touch\${IFS}F\u000f`,
  `\u001b[201~${char}touch\${IFS}F${char}`,
  `'"${char};touch F;${char}#`,
  `$(touch\${IFS}F)\`touch F\`${char}!!${char}`,
];

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const CONTROLS = [...range(0, 0x1f), ...range(0x7f, 0x9f)].map((code) => String.fromCodePoint(code));
const FORMATS = range(0xa0, 0xe0fff)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter((char) => /[\p{Cf}\p{Zl}\p{Zp}]/u.test(char));
const HALVES = ["\ud800", "\udfff"];

/** A head holds bytes: what is above them comes as UTF-8. */
const headBytes = (text) => (/[^\u0000-\u00ff]/.test(text) ? latin1(new TextEncoder().encode(text)) : text);

/** A request that holds `text` wherever a request can hold it. */
function captureOf(name, text) {
  const inHeader = headBytes(text).replaceAll(/[\0\r\n]/g, "");
  return {
    id: "0190a000-0000-7000-8000-000000000000",
    seq: 1,
    method: "POST",
    path: `/h/${ID}/${headBytes(text).replaceAll("?", "")}`,
    query: `a=${headBytes(text)}`,
    protocol: "HTTP/1.1",
    headers: [
      ["x-case", name],
      ["x-text", `-${inHeader.trim()}-`],
      ["content-type", "text/plain"],
    ],
    cookies: [`a=${inHeader}-`],
    notes: [],
    body: new TextEncoder().encode(text),
  };
}

/** Some in one request, or it would take minutes. */
const few = (all, size) => Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));

const CASES = [
  ...few(CONTROLS, 3).map((chars) => chars.flatMap(PAYLOADS).join("")),
  ...few(FORMATS, 12).map((chars) => chars.map((char) => PAYLOADS(char)[2]).join("")),
  ...HALVES.map((char) => PAYLOADS(char).join("")),
  `\u001b[201~\r touch F\r\n;touch F #`,
  `${"'\\".repeat(300)}; touch F`,
  `\\'; touch F; '\\\\`,
  `!!:s/x/y/ !touch !#:p ^a^b`,
  `%s%n%%n%1$s \\045 \\x41 \\u0041`,
  `~root =ls {a,b} *?[a] # <(touch F) > F`,
  `${"long '".repeat(200)};touch F`,
  `${"é✓".repeat(200)};touch F`,
].map((text, index) => captureOf(`case-${index}`, text));

// Longer than a terminal's line, in each way of writing a body.
for (const [name, text] of [["words", "long '"], ["lines", "line\n\\"], ["bytes", "\0\xff"]]) {
  CASES.push({ ...captureOf(`case-${name}`, ";touch F #"), body: new Uint8Array(Buffer.from(text.repeat(1_500), "latin1")) });
}

// Of bytes alone that curl would escape in a URL.
CASES.push({ ...captureOf("case-path", "x"), path: `/h/${ID}/${headBytes("\u202egpj.\u0085")}`, query: `q=${headBytes("\u200b")}` });
CASES.push({ ...captureOf("case-query", "x"), path: `/h/${ID}`, query: "q=caf\u00e9" });

/** All that can be copied of a request, but for the curl line; texts of several lines are one quoted word. */
function forms(capture) {
  const { body, ...rest } = capture;
  const raw = latin1(body);
  const texts = [
    copiedRequest(capture, body).text,
    copiedHeaders(capture).text,
    ...[capture.path, capture.query, capture.cookies[0], capture.headers[1][1], capture.method].map((value) => pasteable(value).text),
    pasteable(new TextDecoder().decode(body)).text,
    escapedJson(JSON.stringify({ ...rest, text: new TextDecoder().decode(body) })),
    `https://hooks.example/${routeOf(ID, { key: KEY, seq: 1 })}`,
  ];
  // The body by itself is text that keeps its lines: it is for an editor.
  if (!/[\t\n]/.test(raw)) texts.push(copyable(body).text);
  // What is longer than a terminal's line is dropped by it, or takes a shell minutes to draw; curl lines are broken.
  return texts.filter((text) => text.split("\n").every((line) => line.length < 4_000));
}

/** A server of plain sockets, which answers every request: the texts of those that came, by their `x-case`. */
async function listen() {
  const received = new Map();
  const server = createServer((socket) => {
    const chunks = [];
    let answered = false;
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      const text = latin1(Buffer.concat(chunks));
      const head = text.indexOf("\r\n\r\n");
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
      if (answered || head < 0 || text.length < head + 4 + length) return;
      answered = true;
      const name = /\r\nx-case: (\S+)/.exec(text)?.[1];
      received.set(name, [...(received.get(name) ?? []), text]);
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, received, url: `http://127.0.0.1:${server.address().port}/h/${ID}` };
}

async function paste([shell, options], pastes) {
  const folder = mkdtempSync(join(tmpdir(), "pasted-"));
  try {
    const terminal = spawn("python3", [new URL("paste.py", import.meta.url).pathname, ...options, shell, folder], { stdio: ["pipe", "pipe", "inherit"] });
    let printed = "";
    terminal.stdout.on("data", (data) => (printed += data));
    terminal.stdin.end(JSON.stringify(pastes));
    const status = await new Promise((resolve) => terminal.on("close", resolve));
    assert.equal(status, 0);
    return JSON.parse(printed);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a request says, but for what curl has to say itself; header names in any order. */
function said(request) {
  const start = request.indexOf(" HTTP/1.1\r\n");
  const end = request.indexOf("\r\n\r\n", start);
  const headers = request.slice(start, end).split("\r\n").slice(1);
  const repeated = headers.filter((header) => !/^(host|content-length):/i.test(header));
  return { line: request.slice(0, start), headers: repeated.sort(), body: request.slice(end + 4) };
}

describe("pasted", { concurrency: 3 }, () => {
  for (const terminal of TERMINALS) {
    const name = [terminal[0], ...terminal[1]].join(" ");
    const skip = missing && `there is no ${missing} on the PATH`;

    // In the C locale, letters beyond ASCII are keys to bash; a curl line has none.
    const isAscii = terminal[1].includes("--c-locale") ? (text) => !/[^\0-\x7f]/.test(text) : () => true;

    test(`copiedTextRunsNothing ${name}`, { skip }, async () => {
      const texts = CASES.flatMap(forms).filter(isAscii);
      const hook = `https://hooks.example/h/${ID}`;
      texts.push(hook, exampleCurl("POST", hook).replaceAll("\\\n", ""));
      const found = await paste(terminal, texts.map((text) => ({ text, enter: text.includes("\n") })));
      found.forEach((files, index) => assert.deepEqual(files, [], JSON.stringify(texts[index]).slice(0, 500)));
    });

    test(`copiedCurlLineSendsTheSameBytesAndRunsNothingElse ${name}`, { skip }, async () => {
      const { server, received, url } = await listen();
      const lines = CASES.map((capture) => curlOf(capture, capture.body, url).text);
      // Pasted and erased first: the text alone does nothing.
      const found = await paste(terminal, lines.flatMap((text) => (text.includes("\n") ? [{ text, enter: true }] : [{ text, enter: false }, { text, enter: true }])));
      server.close();
      assert.deepEqual(found.filter((files) => files === null || files.length > 0), []);
      for (const capture of CASES) {
        const name = capture.headers[0][1];
        assert.equal(received.get(name)?.length, 1, name);
        const expected = latin1(httpBytes(capture, capture.body));
        const start = expected.indexOf(" HTTP/1.1\r\n");
        // The one change that is told: no command line holds a NUL.
        assert.deepEqual(said(received.get(name)[0]), said(expected.slice(0, start).replaceAll("\0", "%00") + expected.slice(start)), name);
      }
    });
  }
});

test("aCurlLineHasNothingButPrintableAscii", () => {
  for (const capture of CASES) {
    const { text } = curlOf(capture, capture.body, "https://hooks.example/h/x");
    assert.match(text.replaceAll("\\\n", ""), /^[\u0020-\u007e]+$/);
    for (const line of text.split("\n")) {
      assert.ok(line.length < 4_096, `${line.length}`);
      assert.deepEqual(openQuotes(line.replace(/\\$/, "")), [], line);
    }
  }
});
