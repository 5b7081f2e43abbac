// The odd one out among JSON bodies: fields that have few values and how often each, fields that one has and those before
// it had not, and the other way round, and fields whose type changed. No DOM.

/** Nothing below is looked at. */
const MOST_DEPTH = 12;
const MOST_ELEMENTS = 20;
const MOST_FIELDS_OF_ONE = 500;
const MOST_FIELDS = 3_000;
const MOST_KINDS = 50;

/** A field has few values if it has no more than so many, each of so many letters at most, and came so often. */
const MOST_VALUES = 8;
const MOST_LETTERS = 80;
const FEWEST = 5;
const TIMES_EACH = 2;

/** So many alike make a rule from which one differs. */
const RULE = 5;
const STRICT_RULE = 10;
/** If so many lack a field, it is no rule that it is there. */
const MOST_LACKING = 2;
/** An object whose fields are ever new ones has names for data. */
const MOST_NEW_IN_ONE = 4;

const MOST_FACETS = 8;
const MOST_FOUND = 12;

/** So long is worked at once, in milliseconds. */
const SLICE = 12;

/** Where senders say what happened: first among its equals. */
const TELLING = /\/(?:type|event|event_type|topic|action|status|state|kind|code)$/i;

/**
 * The differences among `bodies`, each `{seq, kind, text}`, only those of one `kind`, as an event, being alike. Resolves to
 * `{count, facets, added, lacking, changed, isPart}`: facets are `{path, values}` with `{value, count, seq}` in each; the
 * others have a `path`, the `seq` of the one that differs, and of a change `from` and `to`. Paths are JSON pointers, with
 * `*` for any element of an array. `isPart` says that there were too many fields for all to be looked at.
 */
export async function differences(bodies, { pause = rest, now = () => performance.now() } = {}) {
  const found = new Differences();
  await inSlices(bodies.toSorted((one, other) => one.seq - other.seq), (body) => found.add(body), { pause, now });
  return found.result();
}

/** Works on each of `all`, and lets others work in between. */
export async function inSlices(all, work, { pause = rest, now = () => performance.now() } = {}) {
  let since = now();
  for (const one of all) {
    work(one);
    if (now() - since < SLICE) continue;
    await pause();
    since = now();
  }
}

class Differences {
  #count = 0;
  #isPart = false;
  /** By path: how often, and its values as long as they are few. */
  #fields = new Map();
  /** By kind: how many, and by path how often and with which types. */
  #kinds = new Map();
  #added = [];
  #changed = [];

  add({ seq, kind = "", text }) {
    const value = parsed(text);
    if (value === undefined) return;
    this.#count += 1;
    const fields = fieldsOf(value);
    if (fields.size === MOST_FIELDS_OF_ONE) this.#isPart = true;
    for (const [path, inner] of fields) this.#addValue(path, inner, seq);
    this.#compare(this.#kind(kind), fields, seq);
  }

  #kind(name) {
    const known = this.#kinds.get(name) ?? { count: 0, fields: new Map() };
    if (this.#kinds.size < MOST_KINDS) this.#kinds.set(name, known);
    return known;
  }

  #addValue(path, value, seq) {
    let field = this.#fields.get(path);
    if (!field) {
      if (this.#fields.size === MOST_FIELDS) {
        this.#isPart = true;
        return;
      }
      field = { count: 0, values: isAsked(path) ? new Map() : undefined };
      this.#fields.set(path, field);
    }
    field.count += 1;
    if (field.values === undefined) return;
    const known = field.values.get(value);
    if (known) {
      known.count += 1;
      known.seq = seq;
    } else if (isShort(value) && field.values.size < MOST_VALUES) {
      field.values.set(value, { value, count: 1, seq });
    } else {
      field.values = undefined;
    }
  }

  #compare(kind, fields, seq) {
    for (const [path, value] of fields) {
      const type = typeOf(value);
      const known = kind.fields.get(path);
      if (!known) {
        if (kind.fields.size === MOST_FIELDS) continue;
        kind.fields.set(path, { count: 1, type, missed: [] });
        // Of a new object only itself is told.
        if (kind.count >= RULE && kind.fields.get(parentOf(path))?.count !== 1) this.#added.push({ path, seq });
        // Those that lacked it before it was there are no exception.
        kind.fields.get(path).late = kind.count > 0;
        continue;
      }
      known.count += 1;
      if (type === known.type || known.type === "mixed") continue;
      if (known.count > RULE) this.#changed.push({ path, seq, from: known.type, to: type });
      known.type = "mixed";
    }
    for (const [path, known] of kind.fields) {
      if (known.late || fields.has(path) || known.missed.length > MOST_LACKING || known.count < STRICT_RULE) continue;
      known.missed.push(seq);
    }
    kind.count += 1;
  }

  result() {
    return {
      count: this.#count,
      facets: this.#facets(),
      added: newest(withoutNames(this.#added)),
      lacking: newest(this.#lacking()),
      changed: newest(this.#changed),
      isPart: this.#isPart,
    };
  }

  /** The most lopsided first. */
  #facets() {
    return [...this.#fields]
      .filter(([, { count, values }]) => values && values.size > 1 && count >= Math.max(FEWEST, TIMES_EACH * values.size))
      .map(([path, { count, values }]) => ({ path, count, values: [...values.values()].sort((one, other) => other.count - one.count) }))
      .map(({ path, count, values }) => ({ path, rarest: values.at(-1).count / count, values }))
      .sort((one, other) => Number(TELLING.test(other.path)) - Number(TELLING.test(one.path)) || one.rarest - other.rarest || one.path.length - other.path.length)
      .slice(0, MOST_FACETS)
      .map(({ path, values }) => ({ path, values }));
  }

  #lacking() {
    const lacking = [];
    for (const { count, fields } of this.#kinds.values()) {
      for (const [path, known] of fields) {
        const few = known.missed.length > 0 && known.missed.length <= MOST_LACKING && known.count + known.missed.length === count;
        if (!few) continue;
        const parent = fields.get(parentOf(path));
        // Of an object that is not there only itself is told, and no more of a list that is empty.
        for (const seq of known.missed) if (!parent?.missed.includes(seq) && !path.includes("/*")) lacking.push({ path, seq });
      }
    }
    return lacking;
  }
}

/** An object with ever new names in it is a table: its names are data. */
function withoutNames(added) {
  const times = new Map();
  for (const { path, seq } of added) times.set(parentOf(path), (times.get(parentOf(path)) ?? new Set()).add(seq));
  return added.filter(({ path }) => times.get(parentOf(path)).size <= MOST_NEW_IN_ONE);
}

function newest(found) {
  return found.toSorted((one, other) => other.seq - one.seq).slice(0, MOST_FOUND);
}

/** All fields with their values by JSON pointer; an object or an array as itself, once. */
export function fieldsOf(value) {
  const fields = new Map();
  const open = [["", value, 0]];
  while (open.length > 0) {
    const [path, inner, depth] = open.pop();
    if (path !== "" && !fields.has(path)) {
      if (fields.size === MOST_FIELDS_OF_ONE) break;
      fields.set(path, inner);
    }
    if (inner === null || typeof inner !== "object" || depth === MOST_DEPTH) continue;
    const entries = Array.isArray(inner) ? inner.slice(0, MOST_ELEMENTS).map((element) => ["*", element]) : Object.entries(inner).slice(0, MOST_FIELDS_OF_ONE);
    for (const [name, element] of entries.reverse()) open.push([`${path}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, element, depth + 1]);
  }
  return fields;
}

function parsed(text) {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return undefined;
  }
}

/** Whether the filter can ask for a value there. */
function isAsked(path) {
  return !path.includes("/*") && !path.includes("=");
}

/** Whether a value may be one of few; a number that was not kept to the last digit is not. */
function isShort(value) {
  if (typeof value === "string") return value.length <= MOST_LETTERS;
  if (typeof value === "number") return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return value === null || typeof value === "boolean";
}

export function typeOf(value) {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function parentOf(path) {
  return path.slice(0, path.lastIndexOf("/"));
}

function rest() {
  return new Promise((resolve) => setTimeout(resolve));
}

/** `filter` with one value of a field in place of any other of it; without it where it was there. */
export function chosenIn(filter, path, term) {
  const pieces = filter.match(/(?:"[^"]*"?|[^\s"])+/gu) ?? [];
  const others = pieces.filter((piece) => !isOfField(piece, path));
  return [...others, ...(pieces.includes(term) ? [] : [term])].join(" ");
}

/** Whether `filter` asks for just this. */
export function isChosen(filter, term) {
  return (filter.match(/(?:"[^"]*"?|[^\s"])+/gu) ?? []).includes(term);
}

function isOfField(piece, path) {
  return piece.replaceAll('"', "").startsWith(`json:${path}=`);
}
