package dev.hookwell.api;

/** The parts of captures that an operator allows to be searched. */
enum SearchMode {
  ON,
  /** Everything but bodies. */
  HEADS,
  OFF;

  /**
   * Reads {@code SEARCH}.
   *
   * @throws IllegalArgumentException naming the allowed values
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
