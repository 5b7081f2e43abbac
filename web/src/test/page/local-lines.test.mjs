import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { environmentLine, fetchLine, hookFile, listenLine, replayLine, SHELL_NAMES, usualShell } from "../../main/page/local-lines.js";

const hook = { id: "AQFs", url: "https://hooks.test/h/AQFs", viewKey: "k-_1" };

test("the lines are those of docs/client.md", () => {
  assert.equal(fetchLine("https://hooks.test"), "curl -fsSO https://hooks.test/hookwell.jar");
  assert.equal(listenLine("3000"), "java -jar hookwell.jar listen 3000");
  assert.equal(replayLine(17, "http://localhost:3000/hooks"), "java -jar hookwell.jar replay 17 --to http://localhost:3000/hooks");
  assert.equal(listenLine("3000", { file: "hook.env" }), "java -jar hookwell.jar listen 3000 --hook-file hook.env");
});

test("the key goes into the environment or a file, and on no command line", () => {
  assert.equal(environmentLine(hook, "https://hooks.test"), "export HOOKWELL_API=https://hooks.test/api/hooks/AQFs HOOKWELL_KEY=k-_1");
  assert.equal(hookFile(hook, "https://hooks.test"), "HOOKWELL_URL=https://hooks.test/h/AQFs\nHOOKWELL_API=https://hooks.test/api/hooks/AQFs\nHOOKWELL_KEY=k-_1\n");
  for (const line of [listenLine("3000"), listenLine("3000", { file: "hook.env" }), replayLine(1, "3000")]) assert.ok(!line.includes(hook.viewKey));
});

test("a target that was typed is one word for the shell and no option", () => {
  for (const target of ["", "  ", "--insecure", "-x", "30\n00"]) assert.equal(listenLine(target), "java -jar hookwell.jar listen 3000");
  for (const target of ["$(id)", "a b", "it's", "3000; id", "`id`"]) {
    const line = listenLine(target).replace("java -jar hookwell.jar", "printf '<%s>'");
    assert.equal(execFileSync("sh", ["-c", line], { encoding: "utf8" }), `<listen><${target}>`);
  }
});

test("PowerShell and cmd know no export, and set the key themselves as well", () => {
  const api = "https://hooks.test/api/hooks/AQFs";
  assert.equal(environmentLine(hook, "https://hooks.test", "PowerShell"), `$env:HOOKWELL_API='${api}'; $env:HOOKWELL_KEY='k-_1'`);
  assert.equal(environmentLine(hook, "https://hooks.test", "cmd"), `set "HOOKWELL_API=${api}" & set "HOOKWELL_KEY=k-_1"`);
  assert.equal(fetchLine("https://hooks.test", "PowerShell"), "curl.exe -fsSO https://hooks.test/hookwell.jar");
  assert.equal(fetchLine("https://hooks.test", "cmd"), "curl -fsSO https://hooks.test/hookwell.jar");
  assert.equal(listenLine("3000", { shell: "PowerShell", file: "hook.env" }), "java -jar hookwell.jar listen 3000 --hook-file hook.env");
  assert.equal(replayLine(17, "http://localhost:3000/hooks", { shell: "cmd" }), "java -jar hookwell.jar replay 17 --to http://localhost:3000/hooks");
});

test("a target is one word for the shells of Windows, too", () => {
  assert.equal(listenLine("it's; $(id)", { shell: "PowerShell" }), "java -jar hookwell.jar listen 'it''s; $(id)'");
  assert.equal(listenLine("a\u2019; id", { shell: "PowerShell" }), "java -jar hookwell.jar listen 'a\u2019\u2019; id'");
  assert.equal(listenLine("a & b", { shell: "cmd" }), 'java -jar hookwell.jar listen "a & b"');
  for (const shell of SHELL_NAMES) {
    for (const target of ['a" & id', "", "--to"]) assert.equal(listenLine(target, { shell }), "java -jar hookwell.jar listen 3000");
  }
});

test("the shell is that of the reader's system", () => {
  assert.deepEqual(["Win32", "Linux x86_64", "MacIntel", ""].map(usualShell), ["PowerShell", "sh", "sh", "sh"]);
});
