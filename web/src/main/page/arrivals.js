// When the listed requests arrived, as thin bars above the list.

import { html, nothing, svg } from "./lit/lit-html.js";
import { histogram } from "./histogram.js";
import { clock, count, duration } from "./text.js";

const HEIGHT = 22;
const WIDTH = 10;

export class Arrivals {
  #known = {};

  /** `open` is called with the number of the oldest capture of a bar. */
  show(captures, now, open) {
    if (this.#known.captures !== captures) this.#known = { captures, found: histogram(captures) };
    const { found } = this.#known;
    // The room is there from the first row on: bars that come later move no row.
    if (found === undefined) return html`<div class="arrivals"></div>`;
    const { bars, length, most } = found;
    const label = `${count(captures.length, "listed request")} in spans of ${duration(length)}, at most ${most} in one`;
    return html`<svg class="arrivals" viewBox=${`0 0 ${bars.length * WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${label}>
      ${bars.map((bar, index) => this.#bar(bar, index, { length, most, now, open }))}
    </svg>`;
  }

  /** A span in which one came is seen beside one in which hundreds did. */
  #bar({ start, count: number, seq }, index, { length, most, now, open }) {
    if (number === 0) return nothing;
    const height = Math.max(3, Math.round(Math.sqrt(number / most) * HEIGHT));
    return svg`<g @click=${() => open(seq)}>
      <title>${`${count(number, "request")} from ${clock(start, now)}, in ${duration(length)}`}</title>
      <rect class="reach" x=${index * WIDTH} y="0" width=${WIDTH} height=${HEIGHT} />
      <rect class="bar" x=${index * WIDTH + 1} y=${HEIGHT - height} width=${WIDTH - 2} height=${height} />
    </g>`;
  }
}
