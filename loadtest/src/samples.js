/** Latencies of a phase, in milliseconds, with when each request ended. */
export class Samples {
  #latency = [];
  #at = [];
  #start = performance.now();

  add(milliseconds) {
    this.#latency.push(milliseconds);
    this.#at.push(performance.now() - this.#start);
  }

  get count() {
    return this.#latency.length;
  }

  /** Seconds from the beginning to the last of them. */
  get seconds() {
    return (this.#at.at(-1) ?? 0) / 1000;
  }

  /** Latency at a percentile, by the nearest rank. */
  percentiles(wanted) {
    const sorted = Float64Array.from(this.#latency).sort();
    return wanted.map((p) => sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? 0);
  }

  /** One point for each stretch of time: its middle in seconds, the median, p97.5 and maximum. */
  overTime(stretches = 60) {
    const length = ((this.#at.at(-1) ?? 1) + 1) / stretches;
    const groups = Array.from({ length: stretches }, () => []);
    this.#at.forEach((at, i) => groups[Math.floor(at / length)].push(this.#latency[i]));
    return groups.flatMap((group, i) => {
      if (group.length === 0) {
        return [];
      }
      group.sort((a, b) => a - b);
      const rank = (p) => group[Math.max(0, Math.ceil(p * group.length) - 1)];
      return [{ at: ((i + 0.5) * length) / 1000, p50: rank(0.5), p97_5: rank(0.975), max: rank(1) }];
    });
  }

  /** How many ended in each whole second. */
  perSecond() {
    const seconds = new Array(Math.max(1, Math.floor(this.seconds))).fill(0);
    for (const at of this.#at) {
      const second = Math.floor(at / 1000);
      if (second < seconds.length) {
        seconds[second] += 1;
      }
    }
    return seconds;
  }
}

/** Average, standard deviation, least and most. */
export function spread(values) {
  const average = values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
  const variance =
    values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (values.length || 1);
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return { average, stddev: Math.sqrt(variance), min: values.length ? least : 0, max: most };
}
