package dev.hookwell.benchmarks;

import java.util.Locale;

/** The bound that a number should meet. */
sealed interface Goal {
  record AtLeast(double bound) implements Goal {}

  record AtMost(double bound) implements Goal {}

  /** No bound: the number is only printed. */
  record None() implements Goal {}

  static Goal atLeast(double bound) {
    return new AtLeast(bound);
  }

  static Goal atMost(double bound) {
    return new AtMost(bound);
  }

  static Goal none() {
    return new None();
  }

  /** The goal and whether it was met, as two cells of a table. */
  default String cells(double value) {
    return switch (this) {
      case AtLeast goal -> "≥ " + text(goal.bound) + " | " + verdict(value >= goal.bound);
      case AtMost goal -> "≤ " + text(goal.bound) + " | " + verdict(value <= goal.bound);
      case None _ -> " | ";
    };
  }

  private static String verdict(boolean met) {
    return met ? "met" : "MISSED";
  }

  private static String text(double bound) {
    return bound == Math.rint(bound)
        ? String.format(Locale.ROOT, "%,.0f", bound)
        : String.format(Locale.ROOT, "%.2f", bound);
  }
}
