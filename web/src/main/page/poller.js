// When to look again. No DOM: the check, the clock and the callback are given.

export const FAST = 1_000;
export const STEADY = 10_000;
export const SLOW = 60_000;
export const FAST_FOR = 30_000;
export const SLOW_AFTER = 30 * 60_000;
const LONGEST_BACKOFF = 30_000;

/** After these a further check can only say the same again. */
const FINAL = new Set(["gone", "unknown", "unauthorised"]);

/**
 * Runs `check` (a promise of an outcome, `{kind, found, retryAfter}`) every 10 s; every second for 30 s after anything
 * happened; every 60 s after 30 idle minutes. While hidden never more often than every 10 s. `onChange` hears of every
 * change of `state`.
 */
export class Poller {
  #check;
  #clock;
  #onChange;
  #timer;
  #lastActivity;
  #failures = 0;
  #visible = true;
  #checking = false;
  #again = false;
  #stopped = true;

  /** What the last check said, and when the next one is due: `{kind, nextAt}`; `nextAt` is undefined when none is. */
  state = { kind: "starting", nextAt: undefined };

  constructor({ check, clock, onChange }) {
    this.#check = check;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#lastActivity = clock.now();
  }

  /** `kind` is what can be said before the first check. */
  start(delay = 0, kind = "starting") {
    this.#stopped = false;
    this.state = { kind, nextAt: undefined };
    this.#lastActivity = this.#clock.now();
    this.#schedule(delay);
  }

  stop() {
    this.#stopped = true;
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Something happened that may be followed by a capture: look every second for a while. */
  activity() {
    this.#lastActivity = this.#clock.now();
    if (this.#visible && this.#timer !== undefined && this.#failures === 0) this.#schedule(FAST, true);
  }

  setVisible(visible) {
    if (visible === this.#visible) return;
    this.#visible = visible;
    this.#lastActivity = this.#clock.now();
    if (visible) this.#schedule(0);
    else if (this.#timer !== undefined && this.#failures === 0) this.#schedule(STEADY);
  }

  checkNow() {
    this.#lastActivity = this.#clock.now();
    this.#failures = 0;
    this.#schedule(0);
  }

  /** The pause until the next check when the last one was fine. */
  get rhythm() {
    const idle = this.#clock.now() - this.#lastActivity;
    if (idle < FAST_FOR && this.#visible) return FAST;
    return idle < SLOW_AFTER ? STEADY : SLOW;
  }

  #schedule(delay, onlyIfSooner = false) {
    if (this.#stopped) return;
    if (this.#checking) {
      this.#again = delay === 0;
      return;
    }
    const nextAt = this.#clock.now() + delay;
    if (onlyIfSooner && this.state.nextAt !== undefined && this.state.nextAt <= nextAt) return;
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => this.#run(), delay);
    this.#tell({ ...this.state, nextAt });
  }

  async #run() {
    this.#timer = undefined;
    this.#checking = true;
    const outcome = await this.#check();
    this.#checking = false;
    if (this.#stopped) return;
    const fine = outcome.kind === "ok" || outcome.kind === "unchanged";
    this.#failures = fine ? 0 : this.#failures + 1;
    if (outcome.found) this.#lastActivity = this.#clock.now();
    this.#tell({ kind: fine ? "live" : outcome.kind, status: outcome.status, problem: outcome.problem, nextAt: undefined });
    if (FINAL.has(outcome.kind)) {
      this.stop();
      return;
    }
    const again = this.#again || outcome.more;
    this.#again = false;
    this.#schedule(again && fine ? 0 : fine ? this.rhythm : this.#backoff(outcome));
  }

  #backoff({ retryAfter }) {
    return retryAfter ?? Math.min(LONGEST_BACKOFF, FAST * 2 ** Math.min(this.#failures, 10));
  }

  #tell(state) {
    this.state = state;
    this.#onChange(state);
  }
}
