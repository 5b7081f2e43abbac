package dev.hookwell.client;

import java.util.List;

/**
 * Captures of one response of the API.
 *
 * @param next where to go on, in the same direction
 * @param more whether there are more now
 * @param partial numbers of captures of which the server could not search everything
 */
public record CapturePage(
    List<Capture> captures, long next, boolean more, Counts counts, List<Long> partial) {
  public CapturePage {
    captures = List.copyOf(captures);
    partial = List.copyOf(partial);
  }
}
