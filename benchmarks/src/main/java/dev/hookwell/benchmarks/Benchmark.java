package dev.hookwell.benchmarks;

/** One subject, measured. */
interface Benchmark {
  /** Measures, and starts and stops all that it needs. */
  Table run(Scale scale) throws Exception;
}
