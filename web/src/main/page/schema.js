// One type for several JSON values, written as JSON Schema or as TypeScript. Only what was seen is said: a field that some
// lack is optional, and one that had several types has all of them. No DOM.

const MOST_DEPTH = 12;
const MOST_ELEMENTS = 200;
/** Words that came again and again are listed, others are strings. */
const MOST_WORDS = 6;
const TIMES_EACH = 3;
const MOST_LETTERS = 40;
const MOST_FIELDS = 300;

/** The type of no value yet. `kinds` has "null", "boolean", "integer", "number", "string", "object" and "array" as far as they were seen. */
export function fresh() {
  return { count: 0, kinds: new Set(), words: new Map(), objects: 0, fields: new Map(), elements: undefined };
}

/** Makes `type` the type of one value more. */
export function learn(type, value, depth = 0) {
  type.count += 1;
  if (value === null) type.kinds.add("null");
  else if (Array.isArray(value)) {
    type.kinds.add("array");
    type.elements ??= fresh();
    if (depth < MOST_DEPTH) for (const element of value.slice(0, MOST_ELEMENTS)) learn(type.elements, element, depth + 1);
  } else if (typeof value === "object") {
    type.kinds.add("object");
    type.objects += 1;
    if (depth < MOST_DEPTH) for (const [name, inner] of Object.entries(value)) learnField(type, name, inner, depth);
  } else if (typeof value === "string") {
    type.kinds.add("string");
    if (type.words && value.length <= MOST_LETTERS && (type.words.has(value) || type.words.size < MOST_WORDS)) type.words.set(value, (type.words.get(value) ?? 0) + 1);
    else type.words = undefined;
  } else {
    type.kinds.add(typeof value === "boolean" ? "boolean" : Number.isInteger(value) ? "integer" : "number");
  }
}

function learnField(type, name, value, depth) {
  if (!type.fields.has(name)) {
    if (type.fields.size === MOST_FIELDS) return;
    type.fields.set(name, fresh());
  }
  learn(type.fields.get(name), value, depth + 1);
}

function kindsOf({ kinds }) {
  return [...kinds].filter((kind) => kind !== "integer" || !kinds.has("number"));
}

/** The few words that strings are; undefined where they are any. */
function wordsOf({ words }) {
  if (!words || words.size === 0) return undefined;
  return [...words.values()].every((times) => times >= TIMES_EACH) ? [...words.keys()].sort() : undefined;
}

/** As JSON Schema, draft 2020-12. */
export function jsonSchema(type) {
  return JSON.stringify({ $schema: ["https:", "", "json-schema.org", "draft", "2020-12", "schema"].join("/"), ...schemaOf(type) }, null, 2);
}

function schemaOf(type) {
  const kinds = kindsOf(type);
  if (kinds.length === 0) return {};
  const schema = { type: kinds.length === 1 ? kinds[0] : kinds };
  const words = wordsOf(type);
  if (words && kinds.length === 1) schema.enum = words;
  if (kinds.includes("object")) {
    // Not an object literal: a sender's field may be called __proto__.
    schema.properties = Object.fromEntries([...type.fields].map(([name, field]) => [name, schemaOf(field)]));
    const required = [...type.fields].filter(([, field]) => field.count === type.objects).map(([name]) => name);
    if (required.length > 0) schema.required = required;
  }
  if (type.elements && type.elements.count > 0) schema.items = schemaOf(type.elements);
  return schema;
}

/** As a TypeScript type of this name. */
export function typeScript(type, name = "Body") {
  return `export type ${name} = ${written(type, "")};\n`;
}

function written(type, indent) {
  const words = wordsOf(type);
  const kinds = kindsOf(type).flatMap((kind) => {
    if (kind === "integer") return "number";
    if (kind === "string" && words) return words.map((word) => JSON.stringify(word));
    if (kind === "array") return arrayOf(type.elements, indent);
    if (kind === "object") return objectOf(type, indent);
    return kind;
  });
  return kinds.length === 0 ? "unknown" : kinds.join(" | ");
}

function arrayOf(elements, indent) {
  const inner = written(elements, indent);
  return /[|\s]/.test(inner) ? `Array<${inner}>` : `${inner}[]`;
}

function objectOf({ fields, objects }, indent) {
  if (fields.size === 0) return "Record<string, unknown>";
  const deeper = `${indent}  `;
  const lines = [...fields].map(([name, field]) => `${deeper}${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}${field.count === objects ? "" : "?"}: ${written(field, deeper)};`);
  return `{\n${lines.join("\n")}\n${indent}}`;
}
