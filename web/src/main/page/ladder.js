// The deliveries of one event as a ladder, one under the other: when each came, how long after the one before, the response, and
// the differences.

import { html, nothing } from "./lit/lit-html.js";
import { routeOf } from "./hooks.js";
import { responseWords } from "./response.js";
import { scheduleOf } from "./schedules.js";
import { clock, count, duration, moment, whole } from "./text.js";

/** More are not listed one by one. */
const MOST_STEPS = 20;
const COLUMNS = ["Attempt", "Request", "Received", "After", "Response", "Differs"];

/** `deliveries` is as Deliveries has it, with two captures at least. */
export function ladder({ hook, now }, capture, { by, captures, whole: isWhole }) {
  const first = Math.max(0, Math.min(captures.findIndex(({ seq }) => seq === capture.seq) - MOST_STEPS / 2, captures.length - MOST_STEPS));
  const steps = captures.slice(first, first + MOST_STEPS);
  const schedule = scheduleOf(capture.sender);
  return html`<details class="ladder" ?open=${by === "delivery"}>
    <summary>The same ${by} came ${isWhole ? "" : "at least "}${count(captures.length, "time")}</summary>
    ${schedule ? html`<p class="muted">${schedule}</p>` : nothing}
    <table><thead><tr>${COLUMNS.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${steps.map((step, index) =>
        row(step, {
          hook,
          now,
          attempt: isWhole ? first + index + 1 : undefined,
          open: capture.seq,
          before: captures[first + index - 1],
          origin: captures[0],
        }),
      )}</tbody></table>
    ${steps.length < captures.length ? html`<p class="muted">${whole(steps.length)} of ${whole(captures.length)} are listed.</p>` : nothing}
  </details>`;
}

/** `attempt` counts from 1; undefined where those before it may not all be known. */
function row(step, { hook, now, attempt, open, before, origin }) {
  const received = Date.parse(step.receivedAt);
  return html`<tr>
    <td>${attempt ?? nothing}</td>
    <td>${step.seq === open ? html`<b>#${step.seq}</b>` : html`<a href=${routeOf(hook.id, { seq: step.seq })}>#${step.seq}</a>`}</td>
    <td title=${moment(received)}>${clock(received, now)}</td>
    <td>${before ? duration(received - Date.parse(before.receivedAt)) : nothing}</td>
    <td>${step.notes?.includes("body-too-large") ? "413" : responseWords(step) || "200"}</td>
    <td>${differences(step, origin)}</td>
  </tr>`;
}

/** The parts that are not as they were the first time. */
function differences(step, origin) {
  if (step.seq === origin.seq) return nothing;
  return (
    [
      step.method !== origin.method && "method",
      step.path !== origin.path && "path",
      step.query !== origin.query && "query",
      step.bodySha256 !== origin.bodySha256 && "body",
    ]
      .filter(Boolean)
      .join(", ") || "nothing that is listed"
  );
}
