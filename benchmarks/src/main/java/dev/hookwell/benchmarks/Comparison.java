package dev.hookwell.benchmarks;

import java.util.Arrays;

/** Two things measured in turn, so that what else the machine does strikes both. */
final class Comparison {
  private final double[] ours;
  private final double[] reference;

  private Comparison(double[] ours, double[] reference) {
    this.ours = ours;
    this.reference = reference;
  }

  /** Does something once, and tells how long it took or how fast it was. */
  @FunctionalInterface
  interface Measure {
    double once() throws Exception;
  }

  /**
   * Measures in turn; the first rounds, in which code is compiled, do not count.
   *
   * @param rounds that count
   */
  static Comparison of(int warmUps, int rounds, Measure ours, Measure reference) throws Exception {
    double[] first = new double[rounds];
    double[] second = new double[rounds];
    for (int round = -warmUps; round < rounds; round++) {
      double one;
      double other;
      // Whoever comes second may find things warmer, or dirtier.
      if (round % 2 == 0) {
        one = ours.once();
        other = reference.once();
      } else {
        other = reference.once();
        one = ours.once();
      }
      if (round >= 0) {
        first[round] = one;
        second[round] = other;
      }
    }
    return new Comparison(first, second);
  }

  double ourMedian() {
    return median(ours);
  }

  double referenceMedian() {
    return median(reference);
  }

  /** The median of the rounds' quotients. */
  double ratio() {
    double[] ratios = new double[ours.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours[i] / reference[i];
    }
    return median(ratios);
  }

  static double median(double[] samples) {
    return quantile(samples, 0.5);
  }

  /** The sample below which that share of all lies. */
  static double quantile(double[] samples, double share) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))];
  }
}
