package dev.hookwell.local.queue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The messages of an outbox, as text. */
public final class OutboxTexts {
  private OutboxTexts() {}

  /** All messages on the disk, dead letters included. */
  public static List<String> all(Outbox outbox) {
    List<String> texts = read(outbox, false);
    texts.addAll(dead(outbox));
    return texts;
  }

  /** The dead letters. */
  public static List<String> dead(Outbox outbox) {
    return read(outbox, true);
  }

  private static List<String> read(Outbox outbox, boolean dead) {
    List<String> texts = new ArrayList<>();
    try {
      outbox.read(dead, (_, text) -> texts.add(new String(text, StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return texts;
  }
}
