package dev.hookwell.capture.script;

import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.capture.Environment;
import java.time.DateTimeException;
import java.time.Duration;

/**
 * The operator's settings for response scripts.
 *
 * @param on whether scripts can be set and decide responses
 * @param longestDelay the longest delay that a step may have; zero for none
 */
public record ScriptSettings(boolean on, Duration longestDelay) {
  private static final Duration DEFAULT_DELAY = Duration.ofSeconds(3);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(10);

  /**
   * Reads {@code RESPONSE_SCRIPTS} ({@code on} or {@code off}, by default {@code on}) and {@code
   * LONGEST_DELAY} (from PT0S to PT10S, by default PT3S).
   *
   * @throws ConfigurationException naming the variable that is wrong
   */
  public static ScriptSettings from(Environment environment) {
    return new ScriptSettings(
        environment.isOn("RESPONSE_SCRIPTS", true),
        environment.optional("LONGEST_DELAY", ScriptSettings::delay).orElse(DEFAULT_DELAY));
  }

  private static Duration delay(String value) {
    try {
      Duration delay = Duration.parse(value);
      if (!delay.isNegative() && delay.compareTo(LONGEST_DELAY) <= 0) {
        return delay;
      }
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("an ISO 8601 duration of seconds, as PT3S", e);
    }
    throw new IllegalArgumentException("from PT0S to PT10S");
  }
}
