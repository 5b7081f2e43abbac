package dev.hookwell.client.command;

import dev.hookwell.client.Reasons;
import java.io.IOException;
import java.util.Locale;

/** The standard output could not be written: a command's output is not complete. */
final class OutputException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean closed;

  OutputException(IOException failure) {
    super("can't write to the standard output: " + Reasons.of(failure), failure);
    // Java has no other sign of it; Windows says "The pipe is being closed".
    this.closed = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
  }

  /** Whether its reader closed it, as {@code head} does, and wants no message about it. */
  boolean isClosed() {
    return closed;
  }
}
