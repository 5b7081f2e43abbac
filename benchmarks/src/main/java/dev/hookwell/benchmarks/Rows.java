package dev.hookwell.benchmarks;

import dev.hookwell.capture.Capture;
import dev.hookwell.capture.Captures;
import dev.hookwell.capture.HookId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/** Captures to be stored: JSON of 1 KB, each with an id of its own. Thread-safe. */
final class Rows {
  /** An hour after the first capture; theirs is a millisecond more each. */
  static final Clock CLOCK =
      Clock.fixed(Captures.RECEIVED_AT.plus(Duration.ofHours(1)), ZoneOffset.UTC);

  private static final String BODY =
      "{\"event\":\"paid\",\"text\":\"%s\"}".formatted("x".repeat(1000));

  private final AtomicLong last = new AtomicLong();

  /** New captures of one hook. */
  List<Capture> next(int hook, int count) {
    return next(() -> hook, count);
  }

  /** New captures, each of the hook that {@code hook} gives next. */
  List<Capture> next(IntSupplier hook, int count) {
    long first = last.getAndAdd(count) + 1;
    List<Capture> rows = new ArrayList<>(count);
    for (long id = first; id < first + count; id++) {
      HookId of = Captures.hook(hook.getAsInt());
      rows.add(Captures.capture(of, id, BODY.getBytes(StandardCharsets.UTF_8)));
    }
    return rows;
  }

  /** The same in batches. */
  List<List<Capture>> batches(int hook, int batches, int size) {
    List<List<Capture>> all = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      all.add(next(hook, size));
    }
    return all;
  }
}
