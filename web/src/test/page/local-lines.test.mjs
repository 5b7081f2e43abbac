import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { environmentLine, fetchLine, hookFile, listenLine, replayLine } from "../../main/page/local-lines.js";

const hook = { id: "AQFs", url: "https://hooks.test/h/AQFs", viewKey: "k-_1" };

test("the lines are those of docs/client.md", () => {
  assert.equal(fetchLine("https://hooks.test"), "curl -fsSO https://hooks.test/hookwell.jar");
  assert.equal(listenLine("3000"), "java -jar hookwell.jar listen 3000");
  assert.equal(replayLine(17, "http://localhost:3000/hooks"), "java -jar hookwell.jar replay 17 --to http://localhost:3000/hooks");
  assert.equal(listenLine("3000", "hook.env"), "java -jar hookwell.jar listen 3000 --hook-file hook.env");
});

test("the key goes into the environment or a file, and on no command line", () => {
  assert.equal(environmentLine(hook, "https://hooks.test"), "export HOOKWELL_API=https://hooks.test/api/hooks/AQFs HOOKWELL_KEY=k-_1");
  assert.equal(hookFile(hook, "https://hooks.test"), "HOOKWELL_URL=https://hooks.test/h/AQFs\nHOOKWELL_API=https://hooks.test/api/hooks/AQFs\nHOOKWELL_KEY=k-_1\n");
  for (const line of [listenLine("3000"), listenLine("3000", "hook.env"), replayLine(1, "3000")]) assert.ok(!line.includes(hook.viewKey));
});

test("a target that was typed is one word for the shell and no option", () => {
  for (const target of ["", "  ", "--insecure", "-x", "30\n00"]) assert.equal(listenLine(target), "java -jar hookwell.jar listen 3000");
  for (const target of ["$(id)", "a b", "it's", "3000; id", "`id`"]) {
    const line = listenLine(target).replace("java -jar hookwell.jar", "printf '<%s>'");
    assert.equal(execFileSync("sh", ["-c", line], { encoding: "utf8" }), `<listen><${target}>`);
  }
});
