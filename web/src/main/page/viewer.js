// Rows of any number, drawn where they are in sight. What scrolls is the pane, or the page, that the rows are in.

import { Layout } from "./layout.js";
import { HexLines } from "./lines.js";
import { fillRow } from "./row.js";

/** So few lines are drawn at once: then the browser's own search and selection reach all of them. */
const MOST_WHOLE = 600;
/** Lines that are drawn above and below what is in sight. */
const MARGIN = 30;
/** What costs so little is all drawn, however much room there is: then nothing has to be measured. */
const MOST_TINY = 4_000;
const SOME_COLUMNS = 80;
const FEWEST_COLUMNS = 16;
/** From here on the numbers of rows need more room. */
const MANY = 1_000;
/** Browsers lay out no taller element; what is taller scrolls faster. */
const MOST_PIXELS = 12_000_000;
/** A row of bytes takes so many letters: three a byte and one more, ten for where it is, and its end. */
const HEX_ROW = { 16: 78, 8: 46, 4: 30 };
const SVG = "http://www.w3.org/2000/svg";

export class Viewer {
  #element;
  #text;
  #spaces = [];
  #changed;
  #lines;
  #bytes;
  #folded = new Set();
  #layout;
  #lineHeight = 20;
  #drawn = { first: 0, last: -1 };
  #rows = new Map();
  #found;
  #awaited;
  /** Ends when the element is left. */
  #left;

  /** The row that was chosen. */
  current;

  constructor(changed) {
    this.#changed = changed;
  }

  /** Shows rows in an element that is this viewer's own; to be called whenever the page was drawn. `bytes` are shown as hex. */
  show(element, { lines, bytes }) {
    if (element !== this.#element) this.#settle(element);
    if (lines === this.#lines && bytes === this.#bytes) return;
    this.#lines = lines;
    this.#bytes = bytes;
    this.#folded = new Set();
    this.#found = undefined;
    this.current = undefined;
    this.#measure();
  }

  get lines() {
    return this.#lines;
  }

  get folds() {
    return this.#folded.size > 0;
  }

  /** Whether not all of it is drawn, so that the browser's own search does not reach it. */
  get partly() {
    return this.#layout !== undefined && !this.#isWhole();
  }

  /** Folds all that is inside of the outermost value, or unfolds everything. */
  foldAll(fold) {
    this.#folded = new Set();
    if (fold) {
      for (let row = 0; row < this.#lines.count; row += 1) {
        const partner = this.#lines.partner(row);
        if (partner <= row || this.#lines.depth(row) === 0) continue;
        this.#folded.add(row);
        row = partner;
      }
    }
    this.#arrange();
  }

  /** Marks what a search found, `{starts, lengths}`, and shows the one at `index`. */
  mark(found, index) {
    this.#found = found && { ...found, index };
    this.#redraw();
    if (found && found.starts.length > 0) this.reveal(found.starts[index]);
  }

  /** Brings a place of the source in sight, in the middle of the upper half. */
  reveal(offset) {
    const row = this.#lines.rowAt(offset);
    const around = this.#lines.around ? [...this.#lines.around(row)] : [];
    if (around.some((opening) => this.#folded.delete(opening))) this.#arrange();
    this.#scrollTo(this.#layout.lineOf(row, Math.max(0, offset - (this.#lines.tokens(row)[0]?.from ?? offset))));
  }

  #settle(element) {
    this.#element = element;
    this.#text = document.createElement("pre");
    this.#text.className = "text rows";
    this.#spaces = [0, 1].map(() => {
      const space = document.createElementNS(SVG, "svg");
      space.setAttribute("class", "space");
      space.setAttribute("width", "1");
      space.setAttribute("aria-hidden", "true");
      return space;
    });
    element.replaceChildren(this.#spaces[0], this.#text, this.#spaces[1]);
    this.#rows = new Map();
    this.#lines = undefined;
    element.addEventListener("click", (event) => this.#clicked(event));
    element.addEventListener("keydown", (event) => this.#pressed(event));
    this.#left?.abort();
    this.#left = new AbortController();
    addEventListener("scroll", () => this.#soon(), { capture: true, passive: true, signal: this.#left.signal });
    const observer = new ResizeObserver(() => (element.isConnected ? this.#resized() : this.#leave()));
    observer.observe(element);
    this.#left.signal.addEventListener("abort", () => observer.disconnect());
  }

  /** The page has taken the element away. */
  #leave() {
    this.#left.abort();
    this.#element = undefined;
    this.#rows.clear();
  }

  /** Whether there is so little that its room does not matter. */
  #isTiny() {
    const lines = this.#lines;
    if (this.#bytes || lines.count > 100) return false;
    let cost = 0;
    for (let row = 0; row < lines.count && cost <= MOST_TINY; row += 1) cost += lines.cost(row);
    return cost <= MOST_TINY;
  }

  #resized() {
    if (this.#lines === undefined || this.#isTiny()) return;
    const before = this.#layout?.columns;
    const columns = this.#columns();
    if (columns !== before) this.#measure(columns);
    else this.#draw();
  }

  #measure(columns = this.#isTiny() ? SOME_COLUMNS : this.#columns()) {
    if (this.#bytes) this.#lines = new HexLines(this.#bytes, [16, 8, 4].find((inRow) => HEX_ROW[inRow] <= columns) ?? 4);
    this.#arrange(columns);
  }

  /** How many letters fit beside each other. */
  #columns() {
    const probe = document.createElement("span");
    probe.className = "probe";
    probe.textContent = "0".repeat(100);
    this.#text.append(probe);
    const letter = probe.getBoundingClientRect().width / 100;
    this.#lineHeight = Number.parseFloat(getComputedStyle(this.#text).lineHeight) || 20;
    const style = getComputedStyle(this.#text);
    const room = this.#text.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
    probe.remove();
    return Math.max(FEWEST_COLUMNS, Math.floor(room / letter) || SOME_COLUMNS);
  }

  #arrange(columns = this.#layout.columns) {
    this.#layout = new Layout(this.#lines, columns, this.#folded);
    this.#text.classList.toggle("partly", !this.#isWhole());
    this.#text.classList.toggle("numbered", this.#lines.numbered && this.#lines.count > 1);
    this.#text.classList.toggle("many", this.#lines.count >= MANY);
    this.#text.classList.toggle("foldable", this.#lines.value !== undefined && this.#lines.count > 1);
    this.#redraw();
  }

  #isWhole() {
    return this.#layout.height <= MOST_WHOLE;
  }

  #redraw() {
    for (const element of this.#rows.values()) element.remove();
    this.#rows.clear();
    this.#drawn = { first: 0, last: -1 };
    this.#draw();
  }

  #soon() {
    this.#awaited ??= requestAnimationFrame(() => {
      this.#awaited = undefined;
      if (this.#element?.isConnected) this.#draw();
    });
  }

  /** Draws what is in sight, and a little around it. */
  #draw() {
    if (this.#isWhole()) {
      if (this.#drawn.last >= 0) return;
      this.#put(this.#layout.pieces(0, this.#layout.height).pieces);
      this.#space(0, 0);
      this.#drawn = { first: 0, last: this.#layout.height };
      return;
    }
    const height = this.#layout.height * this.#lineHeight;
    const pixels = Math.min(height, MOST_PIXELS);
    const hidden = Math.max(0, -this.#element.getBoundingClientRect().top);
    const onScreen = innerHeight / this.#lineHeight;
    const scaled = pixels < height;
    // At the end of what scrolls stands the last line.
    const top = scaled ? Math.min(1, hidden / (pixels - innerHeight)) * (this.#layout.height - onScreen) : hidden / this.#lineHeight;
    const last = Math.min(this.#layout.height, top + onScreen + 1);
    if (!scaled && top >= this.#drawn.first && last <= this.#drawn.last) return;
    const { pieces, above, height: lines } = this.#layout.pieces(top - MARGIN, last + MARGIN);
    this.#put(pieces);
    const before = scaled ? Math.min(hidden - (top - above) * this.#lineHeight, pixels - lines * this.#lineHeight) : above * this.#lineHeight;
    this.#space(before, pixels - before - lines * this.#lineHeight);
    this.#drawn = { first: above === 0 ? 0 : above + 1, last: above + lines };
  }

  #space(before, after) {
    this.#spaces[0].setAttribute("height", String(Math.max(0, Math.round(before))));
    this.#spaces[1].setAttribute("height", String(Math.max(0, Math.round(after))));
  }

  /** What is drawn already stays, and with it what of it is selected. */
  #put(pieces) {
    const wanted = new Map();
    for (const piece of pieces) {
      const known = wanted.get(piece.row);
      if (known) known.to = piece.to;
      else wanted.set(piece.row, { ...piece });
    }
    for (const [row, element] of this.#rows) {
      const { from, to } = wanted.get(row) ?? {};
      if (element.from === from && element.to === to) continue;
      element.remove();
      this.#rows.delete(row);
    }
    let next = this.#text.firstElementChild;
    for (const { row, from, to } of wanted.values()) {
      const known = this.#rows.get(row);
      if (known && known === next) {
        next = next.nextElementSibling;
        continue;
      }
      const element = known ?? this.#make(row, from, to);
      this.#text.insertBefore(element, next);
      this.#rows.set(row, element);
    }
  }

  #make(row, from, to) {
    const lines = this.#lines;
    const element = document.createElement("span");
    const level = this.#layout.level(row);
    element.className = `row in${level} ${row === this.current ? "current" : ""}`;
    Object.assign(element, { from, to, row });
    fillRow(element, lines, { row, from, to, level, folded: this.#folded.has(row), found: this.#found });
    return element;
  }

  #clicked(event) {
    const row = event.target.closest(".row")?.row;
    if (row === undefined || this.#lines.value === undefined) return;
    if (event.target.closest(".fold, .folded")) this.#toggle(row);
    else if (getSelection().isCollapsed) this.choose(row);
  }

  /** Makes a row the one whose path and value are offered. */
  choose(row) {
    this.#rows.get(this.current)?.classList.remove("current");
    this.current = row;
    this.#rows.get(row)?.classList.add("current");
    this.#changed();
  }

  #toggle(row) {
    const lines = this.#lines;
    const opening = lines.partner(row) >= 0 && lines.partner(row) < row ? lines.partner(row) : row;
    if (lines.partner(opening) < 0) return;
    if (!this.#folded.delete(opening)) this.#folded.add(opening);
    this.#arrange();
    this.choose(opening);
  }

  #pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.#lines.value === undefined || event.target !== this.#element) return;
    const act = { ArrowDown: () => this.#step(1), ArrowUp: () => this.#step(-1), ArrowLeft: () => this.#foldCurrent(true), ArrowRight: () => this.#foldCurrent(false) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  #step(by) {
    const next = this.current === undefined ? 0 : this.#neighbour(by);
    this.choose(next);
    const line = this.#layout.lineOf(next) * this.#lineHeight + this.#element.getBoundingClientRect().top;
    if (line < 120 || line > innerHeight - 120) this.#scrollTo(this.#layout.lineOf(next));
  }

  /** The shown row before or after the current one. */
  #neighbour(by) {
    const lines = this.#lines;
    const partner = lines.partner(this.current);
    if (by > 0) {
      const next = this.#folded.has(this.current) ? partner + 1 : this.current + 1;
      return next < lines.count ? next : this.current;
    }
    const previous = Math.max(0, this.current - 1);
    const opening = lines.partner(previous);
    return opening >= 0 && opening < previous && this.#folded.has(opening) ? opening : previous;
  }

  #foldCurrent(fold) {
    if (this.current === undefined) return;
    const partner = this.#lines.partner(this.current);
    const opening = partner >= 0 && partner < this.current ? partner : this.current;
    if (this.#lines.partner(opening) >= 0 && this.#folded.has(opening) !== fold) this.#toggle(opening);
  }

  /** Brings a line to the end of the first third of the screen. */
  #scrollTo(line) {
    const onScreen = innerHeight / this.#lineHeight;
    const top = line - onScreen / 3;
    const height = this.#layout.height * this.#lineHeight;
    const y = height <= MOST_PIXELS ? top * this.#lineHeight : (top / (this.#layout.height - onScreen)) * (MOST_PIXELS - innerHeight);
    scrollerOf(this.#element).scrollBy({ top: this.#element.getBoundingClientRect().top + y, behavior: "instant" });
    this.#draw();
  }
}

function scrollerOf(element) {
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY) && at.scrollHeight > at.clientHeight) return at;
  }
  return document.scrollingElement;
}
