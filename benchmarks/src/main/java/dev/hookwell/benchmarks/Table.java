package dev.hookwell.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results of a benchmark, printed as Markdown: the very table that the documentation holds. */
final class Table {
  private final List<String> lines = new ArrayList<>();

  Table() {
    lines.add("| what | ours | reference | value | goal | |");
    lines.add("|---|---|---|---|---|---|");
  }

  /**
   * A quotient, or a difference, of two measures.
   *
   * @param ours with its unit
   * @param reference with its name and its unit
   */
  Table row(String what, String ours, String reference, double value, Goal goal) {
    lines.add(
        "| %s | %s | %s | %s | %s |"
            .formatted(what, ours, reference, number(value), goal.cells(value)));
    return this;
  }

  /** A measure without a reference. */
  Table row(String what, double value, Goal goal) {
    return row(what, "", "", value, goal);
  }

  static String number(double value) {
    if (value == Math.rint(value) || Math.abs(value) >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.2f", value);
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
