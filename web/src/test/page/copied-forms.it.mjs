// Each form of a copied request, run by its own interpreter where there is one: what arrives is what was captured.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { latin1 } from "../../main/page/bytes.js";
import { FORMS } from "../../main/page/copy-as.js";
import { cmdArguments } from "./cmd.mjs";

const ID = "AQ".padEnd(44, "x");
const has = (program, ...options) => spawnSync(program, options).status === 0;

/** By what each is run: a program and its arguments, which name the file that holds the form. */
const INTERPRETERS = {
  curl: has("curl", "--version") && ((file) => ["sh", [file]]),
  httpie: has("http", "--version") && ((file) => ["sh", [file]]),
  fetch: (file) => [process.execPath, ["--input-type=module", "-e", `await import(${JSON.stringify(file)})`]],
  python: has("python3", "--version") && ((file) => ["python3", [file]]),
  powershell: has("pwsh", "-NoLogo", "-Command", "exit 0") && ((file) => ["pwsh", ["-NoLogo", "-NonInteractive", "-File", file]]),
  go: has("go", "version") && ((file) => ["go", ["run", file]]),
  // There is no cmd outside of Windows: its line is read as cmd and its C library read it.
  cmd: has("curl", "--version") && ((_, text) => ["curl", cmdArguments(text).slice(1)]),
};
const ENDING = { fetch: ".mjs", python: ".py", powershell: ".ps1", go: ".go" };

const encoder = new TextEncoder();
const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);

const requestOf = (name, { method = "POST", tail = "", query = "", headers = [], cookies = [], body = "" }) => ({
  capture: {
    seq: 1,
    method,
    path: `/h/${ID}${tail}`,
    query,
    protocol: "HTTP/1.1",
    headers: [["x-case", name], ...headers],
    cookies,
    notes: [],
  },
  body: typeof body === "string" ? encoder.encode(body) : body,
});

const JSON_TYPE = ["content-type", "application/json"];

const REQUESTS = [
  requestOf("json", { headers: [JSON_TYPE, ["user-agent", "Stripe/1.0 (+https://stripe.com)"]], body: '{"hello":"world","n":12345678901234567890}' }),
  requestOf("get", { method: "GET", tail: "/orders/17", query: "a=1&a=2&b=%20%2F&empty=" }),
  requestOf("no escape", { method: "GET", query: "offer=50%&b=%zz" }),
  requestOf("quotes", { headers: [JSON_TYPE, ["x-quotes", `"it's" \\" %PATH% %x %% ^& | <a> !!`]], body: `{"q":"it's \\"quoted\\" \\\\ %PATH% %x% ^ & | < > ! $HOME \`id\` $(id)"}` }),
  requestOf("lines", { headers: [["content-type", "text/plain; charset=utf-8"]], body: "one\r\ntwo\n\tthree é 日本 \u201d \u2019\n" }),
  requestOf("bytes", { headers: [["content-type", "application/octet-stream"]], body: every }),
  requestOf("no type", { body: "no type at all" }),
  requestOf("delete", { method: "DELETE", tail: "/a;b,c=d", headers: [["x-empty", ""], ["x-eq", "=@value:with;signs"], ["x-at", "@/etc/passwd"]] }),
  requestOf("cookies", { method: "PUT", cookies: ["a=1", "b=two words"], headers: [JSON_TYPE], body: "[1]" }),
  requestOf("long", { headers: [["content-type", "text/plain"]], body: "long 'text' \\".repeat(20_000) }),
  requestOf("injected", { headers: [JSON_TYPE, ["x-a", "'; touch F; '"], ["x-b", "\"; touch F; \""]], body: "'\n; touch F #\n\"; touch F\n''')\nimport os; os.system('touch F')\n" }),
];

/** The whole of each request by its `x-case`. */
function listen() {
  const received = new Map();
  const server = createServer((socket) => {
    let all = Buffer.alloc(0);
    let asked = false;
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      all = Buffer.concat([all, chunk]);
      const end = all.indexOf("\r\n\r\n");
      if (end < 0) return;
      const head = latin1(all.subarray(0, end));
      if (/\r\nexpect:/i.test(head) && !asked) socket.write("HTTP/1.1 100 Continue\r\n\r\n");
      asked = true;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (all.length < end + 4 + length) return;
      received.set(/\r\nx-case: ([^\r]*)/i.exec(head)?.[1], { head, body: all.subarray(end + 4) });
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nOK");
    });
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve({ server, received, url: `http://127.0.0.1:${server.address().port}/h/${ID}` })));
}

function run(id, text, folder, body) {
  const file = join(folder, `form${ENDING[id] ?? ".sh"}`);
  writeFileSync(file, text);
  writeFileSync(join(folder, "body.bin"), body);
  const [program, options] = INTERPRETERS[id](file, text);
  return new Promise((resolve) => {
    let printed = "";
    const child = spawn(program, options, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (printed += data));
    child.on("close", (status) => resolve({ status, printed }));
  });
}

/** The headers that the sender sent, as they arrived. */
function headersOf(head, names) {
  const lines = head.split("\r\n").slice(1).map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]);
  return lines.filter(([name]) => names.has(name)).sort().map((pair) => pair.join(": "));
}

describe("a copied request", () => {
  let stage;
  let folder;

  before(async () => {
    stage = await listen();
    folder = mkdtempSync(join(tmpdir(), "copied-"));
  });

  after(() => {
    stage.server.close();
    rmSync(folder, { recursive: true });
  });

  for (const { id, name, of } of FORMS) {
    test(`in ${name} sends what was captured`, { skip: INTERPRETERS[id] ? false : "it is not installed" }, async () => {
      for (const { capture, body } of REQUESTS) {
        const kind = capture.headers[0][1];
        const { text, inexact } = of(capture, body, stage.url);
        stage.received.clear();
        const { status, printed } = await run(id, text, folder, body);
        const arrived = stage.received.get(kind);
        assert.ok(arrived, `${kind}: status ${status}\n${printed}\n${text.slice(0, 2_000)}`);
        // Which forms say that they cannot hold something, and of what.
        const rewritten = id === "httpie" && kind === "no escape";
        if (!rewritten) assert.equal(arrived.head.split("\r\n")[0], `${capture.method} ${capture.path}${capture.query && `?${capture.query}`} HTTP/1.1`, kind);
        assert.deepEqual(Buffer.from(arrived.body), Buffer.from(body), kind);
        const sent = [...capture.headers, ...(capture.cookies.length > 0 ? [["cookie", capture.cookies.join("; ")]] : [])];
        const names = new Set(sent.map(([header]) => header));
        assert.deepEqual(headersOf(arrived.head, names), sent.map((pair) => pair.join(": ").trim()).map((line) => line.replace(/:$/, ": ")).sort(), kind);
        if (id !== "fetch" && !capture.headers.some(([header]) => header === "content-type")) assert.doesNotMatch(arrived.head, /\r\ncontent-type:/i, kind);
        if (inexact.length > 0) assert.ok(rewritten || id === "fetch" || id === "cmd", `${kind}: ${inexact.join("; ")}`);
      }
    });
  }

  test("runs nothing of what was captured", () => {
    assert.equal(spawnSync("ls", ["F"], { cwd: folder }).status !== 0, true);
  });
});
