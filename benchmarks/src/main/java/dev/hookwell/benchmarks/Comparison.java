package dev.hookwell.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Two things measured in turn, so that other work of the machine affects both. */
final class Comparison {
  private final double[] ours;
  private final double[] reference;

  private Comparison(double[] ours, double[] reference) {
    this.ours = ours;
    this.reference = reference;
  }

  /** Does something once, and gives how long it took or how fast it was. */
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
    return of(warmUps, rounds, List.of(ours), reference).getFirst();
  }

  /** The same for several things of ours beside one reference: a comparison of each. */
  static List<Comparison> of(int warmUps, int rounds, List<Measure> ours, Measure reference)
      throws Exception {
    List<Measure> measures = new ArrayList<>(ours);
    measures.add(reference);
    double[][] samples = new double[measures.size()][rounds];
    for (int round = -warmUps; round < rounds; round++) {
      for (int turn = 0; turn < samples.length; turn++) {
        // The contestant that runs last may find caches warmer, or tables dirtier.
        int which = round % 2 == 0 ? turn : samples.length - 1 - turn;
        double sample = measures.get(which).once();
        if (round >= 0) {
          samples[which][round] = sample;
        }
      }
    }
    return IntStream.range(0, ours.size())
        .mapToObj(which -> new Comparison(samples[which], samples[ours.size()]))
        .toList();
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

  /** The median of the rounds' differences. */
  double difference() {
    double[] differences = new double[ours.length];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = ours[i] - reference[i];
    }
    return median(differences);
  }

  static double median(double[] samples) {
    return quantile(samples, 0.5);
  }

  /** The percentile of the samples, given as a share from 0 to 1. */
  static double quantile(double[] samples, double share) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))];
  }
}
