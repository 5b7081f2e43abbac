package dev.hookwell.client.command;

import dev.hookwell.client.Capture;
import dev.hookwell.client.CapturePage;
import dev.hookwell.client.Hook;
import dev.hookwell.client.HookApi;
import dev.hookwell.client.Match;
import dev.hookwell.client.listen.StartingPoint;
import java.time.Duration;

/** Reads the captures that a person selected, ascending. */
final class Selection {
  private static final int PAGE = 100;

  private final HookCommand command;
  private final HookApi api;
  private final StartingPoint start;
  private final Match match;

  Selection(HookCommand command, HookApi api, StartingPoint start, Match match) {
    this.command = command;
    this.api = api;
    this.start = start;
    this.match = match;
  }

  /** Takes a capture; false for enough. */
  @FunctionalInterface
  interface Taker {
    boolean take(Capture capture) throws InterruptedException;
  }

  /**
   * Reads all captures that are there now. Those that come meanwhile may be more than can be read.
   */
  void readAll(Taker taker) throws InterruptedException {
    long after = first();
    long last = Long.MAX_VALUE;
    boolean more = true;
    while (more) {
      long from = after;
      CapturePage page = command.ask(() -> api.after(from, PAGE, Duration.ZERO, match));
      if (!hand(page, taker)) {
        return;
      }
      after = page.next();
      last = Math.min(last, page.counts().stored());
      more = page.more() && after < last;
    }
    command.tellNotSearched();
  }

  /** The number to go on from. */
  long first() throws InterruptedException {
    Hook hook = command.ask(api::hook);
    return command.ask(() -> start.after(api, hook, 0));
  }

  /** False when the taker has enough. */
  boolean hand(CapturePage page, Taker taker) throws InterruptedException {
    command.notSearched(page);
    for (Capture capture : page.captures()) {
      if (start.includes(capture.receivedAt()) && !taker.take(capture)) {
        return false;
      }
    }
    return true;
  }
}
