package dev.hookwell.api;

/** What of captures an operator lets be searched. */
enum SearchMode {
  ON,
  /** Everything but bodies. */
  HEADS,
  OFF;

  /**
   * Reads {@code SEARCH}.
   *
   * @throws IllegalArgumentException saying what it may be
   */
  static SearchMode parse(String value) {
    return switch (value) {
      case "on" -> ON;
      case "heads" -> HEADS;
      case "off" -> OFF;
      default -> throw new IllegalArgumentException("must be on, heads or off");
    };
  }
}
