import assert from "node:assert/strict";
import { test } from "node:test";
import { fresh, jsonSchema, learn, typeScript } from "../../main/page/schema.js";

const EVENTS = [
  { id: "evt_1", type: "paid", amount: 1, live: true, lines: [{ price: 1 }, { price: 1.5, note: "x" }], tax: null },
  { id: "evt_2", type: "paid", amount: 2.5, live: false, lines: [], tax: { rate: 19 } },
  { id: "evt_3", type: "paid", amount: "3", live: false, lines: [{ price: 2 }] },
];

function typeOfAll(values) {
  const type = fresh();
  for (const value of values) learn(type, value);
  return type;
}

test("a schema says what was seen and no more", () => {
  const schema = JSON.parse(jsonSchema(typeOfAll(EVENTS)));
  assert.match(schema.$schema, /2020-12/);
  assert.deepEqual(schema.required, ["id", "type", "amount", "live", "lines"]);
  assert.deepEqual(schema.properties.type, { type: "string", enum: ["paid"] });
  assert.deepEqual(schema.properties.id, { type: "string" });
  assert.deepEqual(schema.properties.amount, { type: ["number", "string"] });
  assert.deepEqual(schema.properties.tax, { type: ["null", "object"], properties: { rate: { type: "integer" } }, required: ["rate"] });
  assert.deepEqual(schema.properties.lines.items, { type: "object", properties: { price: { type: "number" }, note: { type: "string" } }, required: ["price"] });
});

test("the same as TypeScript", () => {
  assert.equal(
    typeScript(typeOfAll(EVENTS)),
    `export type Body = {
  id: string;
  type: "paid";
  amount: number | string;
  live: boolean;
  lines: Array<{
    price: number;
    note?: string;
  }>;
  tax?: null | {
    rate: number;
  };
};
`,
  );
  assert.equal(typeScript(typeOfAll([[1, 2]])), "export type Body = number[];\n");
  assert.equal(typeScript(typeOfAll([{}, []])), "export type Body = Record<string, unknown> | unknown[];\n");
});

test("a sender's names end no line and mean nothing", () => {
  const odd = JSON.parse('{"__proto__":1,"a: string; } //":2,"\\u2028x":{"\\"":"`${1}`"}}');
  const type = typeOfAll([odd]);
  assert.deepEqual(Object.keys(JSON.parse(jsonSchema(type)).properties).sort(), ["__proto__", "a: string; } //", "\u2028x"].sort());
  assert.match(typeScript(type), /^ {2}"a: string; } \/\/": number;$/m);
});

test("depth and width are bounded", () => {
  const deep = JSON.parse(`${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`);
  const wide = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`k${index}`, index]));
  assert.ok(typeScript(typeOfAll([deep])).length < 2_000);
  assert.ok(Object.keys(JSON.parse(jsonSchema(typeOfAll([wide]))).properties).length <= 300);
});
