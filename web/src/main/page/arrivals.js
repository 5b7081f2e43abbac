// When the listed requests arrived, as thin bars above the list. From one bar to another, by pointer or by keys, the list is
// limited to that span of time.

import { html, nothing, svg } from "./lit/lit-html.js";
import { histogram } from "./histogram.js";
import { barAt, barOf, barWords, spanOf } from "./span.js";
import { clock, count, duration } from "./text.js";

const HEIGHT = 22;
const WIDTH = 10;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity };

export class Arrivals {
  #known = {};
  /** Two times, the same where one bar is meant: where a pointer was pressed and where it is. */
  #dragged;
  /** Likewise where the keys are. */
  #cursor;
  #changed;

  constructor({ changed }) {
    this.#changed = changed;
  }

  /** `choose` is called with the span that was chosen or with none, `open` with the number of the oldest capture of a bar. */
  show({ captures, now, span, choose, open }) {
    if (this.#known.captures !== captures) this.#known = { captures, found: histogram(captures) };
    const { found } = this.#known;
    // The room is there from the first row on: bars that come later move no row.
    if (found === undefined) return html`<div class="arrivals"></div>`;
    const { bars, length, most } = found;
    const { anchor, at } = this.#barsOf(this.#cursor ?? { anchor: bars.at(-1).start, at: bars.at(-1).start });
    return html`<div
      class="arrivals"
      role="slider"
      tabindex="0"
      title="When requests arrived: drag over a span of time"
      aria-label=${`When requests arrived, in spans of ${duration(length)}. Shift and arrow keys choose several, Enter shows them`}
      aria-valuemin="1"
      aria-valuemax=${bars.length}
      aria-valuenow=${at + 1}
      aria-valuetext=${barWords(found, anchor, at, now)}
      @pointerdown=${(event) => this.#press(event)}
      @pointermove=${(event) => this.#move(event)}
      @pointerup=${(event) => this.#release(event, choose, open)}
      @pointercancel=${() => this.#drop()}
      @keydown=${(event) => this.#key(event, span, choose)}
      @focusout=${() => this.#leave()}
    >
      <svg viewBox=${`0 0 ${bars.length * WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        ${this.#marked(span)} ${bars.map((bar, index) => this.#bar(bar, index, { length, most, now, span }))}
      </svg>
    </div>`;
  }

  /** A span in which one came is seen beside one in which hundreds did. */
  #bar({ start, count: number }, index, { length, most, now, span }) {
    if (number === 0) return nothing;
    const height = Math.max(3, Math.round(Math.sqrt(number / most) * HEIGHT));
    const outside = span && (start + length <= span.from || start >= span.to);
    return svg`<g class=${outside ? "outside" : ""}>
      <title>${`${count(number, "request")} from ${clock(start, now)}, in ${duration(length)}`}</title>
      <rect class="reach" x=${index * WIDTH} y="0" width=${WIDTH} height=${HEIGHT} />
      <rect class="bar" x=${index * WIDTH + 1} y=${HEIGHT - height} width=${WIDTH - 2} height=${height} />
    </g>`;
  }

  /** What is being chosen, else what was. */
  #marked(span) {
    const chosen = this.#dragged ?? this.#cursor ?? (span && { anchor: span.from, at: span.to - 1 });
    if (!chosen) return nothing;
    const { anchor, at } = this.#barsOf(chosen);
    return svg`<rect class="chosen" x=${Math.min(anchor, at) * WIDTH} y="0" width=${(Math.abs(at - anchor) + 1) * WIDTH} height=${HEIGHT} />`;
  }

  /** By their numbers: bars move as requests arrive, times do not. */
  #barsOf({ anchor, at }) {
    const { found } = this.#known;
    return { anchor: barOf(found, anchor), at: barOf(found, at) };
  }

  #timeUnder({ currentTarget, clientX }) {
    const { found } = this.#known;
    const { left, width } = currentTarget.firstElementChild.getBoundingClientRect();
    return found.bars[barAt(found, (clientX - left) / width)].start;
  }

  #press(event) {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const time = this.#timeUnder(event);
    this.#cursor = undefined;
    this.#dragged = { anchor: time, at: time };
    this.#changed();
  }

  #move(event) {
    if (!this.#dragged) return;
    const at = this.#timeUnder(event);
    if (at === this.#dragged.at) return;
    this.#dragged = { anchor: this.#dragged.anchor, at };
    this.#changed();
  }

  /** One bar alone leads to its oldest request. */
  #release(event, choose, open) {
    if (!this.#dragged) return;
    const { anchor, at } = this.#barsOf({ anchor: this.#dragged.anchor, at: this.#timeUnder(event) });
    const { found } = this.#known;
    this.#drop();
    if (anchor !== at) choose(spanOf(found, anchor, at));
    else if (found.bars[at].count > 0) open(found.bars[at].seq);
  }

  #drop() {
    this.#dragged = undefined;
    this.#changed();
  }

  #key(event, span, choose) {
    const { found } = this.#known;
    const last = found.bars.at(-1).start;
    const { anchor, at } = this.#barsOf(this.#cursor ?? { anchor: last, at: last });
    if (Object.hasOwn(STEPS, event.key)) {
      const next = Math.min(found.bars.length - 1, Math.max(0, at + STEPS[event.key]));
      this.#cursor = { at: found.bars[next].start, anchor: found.bars[event.shiftKey ? anchor : next].start };
      this.#changed();
    } else if (event.key === "Enter" || event.key === " ") {
      choose(spanOf(found, anchor, at));
    } else if (event.key === "Escape" && span) {
      this.#cursor = undefined;
      choose(undefined);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #leave() {
    if (!this.#cursor) return;
    this.#cursor = undefined;
    this.#changed();
  }
}
