package dev.hookwell.client;

import java.util.List;

/**
 * Captures of one response of the API.
 *
 * @param next where to go on, in the same direction
 * @param more whether there are more now
 */
public record CapturePage(List<Capture> captures, long next, boolean more, Counts counts) {
  public CapturePage {
    captures = List.copyOf(captures);
  }
}
