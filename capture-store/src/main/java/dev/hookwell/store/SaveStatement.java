package dev.hookwell.store;

import dev.hookwell.capture.HookUid;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Saves captures in one round trip, in which they are numbered and counted.
 *
 * <p>The hooks stand in the text, so each number of them would be a text of its own, and planned
 * anew nearly each time. So a text is for one or two powers of two of hooks: the greatest that is
 * in their number, and the least that holds the rest. Its surplus places are filled with hooks of
 * the first, to whose rows nothing is added; they are held already. (Rows of no hook would be rows
 * of hooks that nobody made.) Both statements go out together and are one transaction.
 */
final class SaveStatement {
  private final HookLimits limits;
  private final Map<Shape, NamedStatement> statements = new ConcurrentHashMap<>();

  SaveStatement(HookLimits limits) {
    this.limits = limits;
  }

  /**
   * The numbers and kinds for which a text is made.
   *
   * @param second hooks of its second statement; 0 where there is none
   */
  private record Shape(int first, int second, boolean large, boolean objects) {
    NamedStatement statement() {
      NamedStatement save = Sql.save(first, large, objects);
      return second == 0 ? save : save.then(Sql.save(second, large, objects));
    }
  }

  /**
   * The captures of one statement.
   *
   * @param hooks those with captures
   * @param fillers those of an earlier statement, with their captures there
   */
  private record Part(
      SortedMap<HookUid, List<EncodedCapture>> hooks,
      SortedMap<HookUid, List<EncodedCapture>> fillers) {
    int size() {
      return hooks.size() + fillers.size();
    }

    List<EncodedCapture> captures() {
      return hooks.values().stream().flatMap(List::stream).toList();
    }
  }

  /**
   * Saves them, all of a hook or none. The work answers the hooks whose captures are saved; the
   * others were deleted, or cleared since the first of all captures was received. It fails with a
   * {@link SqlFailure#CLASH} too when some are there already; nothing is saved then.
   *
   * @param captures at least one, in the order in which they shall be numbered, none twice
   */
  Database.Work<Set<HookUid>> save(List<EncodedCapture> captures, Clock clock) {
    List<Part> parts = parts(captures);
    Shape shape = shape(captures, parts);
    Instant first =
        captures.stream()
            .map(c -> c.capture().receivedAt())
            .min(Comparator.naturalOrder())
            .orElseThrow()
            .truncatedTo(ChronoUnit.MICROS);
    return statements
        .computeIfAbsent(shape, Shape::statement)
        .run(to -> bind(to, parts, shape, first, clock.instant()), SaveStatement::saved);
  }

  /** Of both statements. */
  private static Set<HookUid> saved(PreparedStatement executed) throws SQLException {
    Set<HookUid> saved = new HashSet<>();
    do {
      try (ResultSet rows = executed.getResultSet()) {
        while (rows.next()) {
          saved.add(new HookUid(rows.getObject("hook_id", UUID.class)));
        }
      }
    } while (executed.getMoreResults());
    return saved;
  }

  /** Sorted by hook, over both, so that no two writers wait for each other. */
  private static List<Part> parts(List<EncodedCapture> captures) {
    TreeMap<HookUid, List<EncodedCapture>> hooks = new TreeMap<>();
    captures.forEach(c -> hooks.computeIfAbsent(c.hook(), hook -> new ArrayList<>()).add(c));
    int first = Integer.highestOneBit(hooks.size());
    int rest = hooks.size() - first;
    if (rest == 0) {
      return List.of(new Part(hooks, Collections.emptySortedMap()));
    }
    List<HookUid> ids = List.copyOf(hooks.keySet());
    HookUid border = ids.get(first);
    int fillers = atLeast(rest) - rest;
    return List.of(
        new Part(hooks.headMap(border), Collections.emptySortedMap()),
        new Part(hooks.tailMap(border), hooks.headMap(ids.get(fillers))));
  }

  /** The least power of two that is no smaller. */
  private static int atLeast(int number) {
    int power = Integer.highestOneBit(number);
    return power == number ? power : 2 * power;
  }

  private static Shape shape(List<EncodedCapture> captures, List<Part> parts) {
    return new Shape(
        parts.getFirst().size(),
        parts.size() == 1 ? 0 : parts.getLast().size(),
        captures.stream().anyMatch(EncodedCapture::isLarge),
        captures.stream().anyMatch(EncodedCapture::isObject));
  }

  /** The statement that saves these. */
  static NamedStatement statement(List<EncodedCapture> captures) {
    return shape(captures, parts(captures)).statement();
  }

  private void bind(Parameters to, List<Part> parts, Shape shape, Instant first, Instant now)
      throws SQLException {
    int row = 0;
    for (Part part : parts) {
      for (List<EncodedCapture> its : part.hooks().values()) {
        long bytes = its.stream().mapToLong(c -> c.capture().body().keptBytes()).sum();
        long stored = its.stream().mapToLong(EncodedCapture::storedSize).sum();
        setHook(to.inTurn(row++), its, its.size(), bytes, stored, now);
      }
      for (List<EncodedCapture> its : part.fillers().values()) {
        setHook(to.inTurn(row++), its, 0, 0, 0, now);
      }
    }
    for (int i = 0; i < parts.size(); i++) {
      setColumns(to.inTurn(i), parts.get(i).captures(), shape.large());
    }
    to.setTime("first", first)
        .setTime("now", now)
        .setLong("most_captures", limits.captures())
        .setLong("most_bytes", limits.bytes());
    if (shape.objects()) {
      to.setLong("life", limits.captureLife().toSeconds());
    }
  }

  /**
   * @param its the hook's captures in this batch
   * @param count the number of captures to add to the hook's row, as are the two numbers of bytes
   */
  private void setHook(
      Parameters to, List<EncodedCapture> its, long count, long bytes, long stored, Instant now)
      throws SQLException {
    Instant end = its.getFirst().capture().hook().expiresAt();
    to.setUuid("hook", its.getFirst().hook().value())
        .setTime("end", end)
        .setLong("count", count)
        .setLong("bytes", bytes)
        .setLong("stored", stored)
        .setTime("due", due(end, its, bytes, now));
  }

  /** When retention has to look at a hook that has these captures and no others. */
  private Instant due(Instant end, List<EncodedCapture> captures, long bytes, Instant now) {
    if (captures.size() > limits.captures() || bytes > limits.bytes()) {
      return now;
    }
    Instant gone = end.plus(HookUpkeep.GRACE);
    // They are in the order of receipt, which may be days ago.
    Instant expiry = captures.getFirst().capture().receivedAt().plus(limits.captureLife());
    return gone.isBefore(expiry) ? gone : expiry;
  }

  /**
   * @param large whether there is a column for bodies that are apart from their row
   */
  private static void setColumns(Parameters to, List<EncodedCapture> captures, boolean large)
      throws SQLException {
    to.setUuids("hooks", captures, capture -> capture.hook().value())
        .setArray("after", "int8", after(captures))
        .setUuids("ids", captures, EncodedCapture::id)
        .setLongs("received", captures, EncodedCapture::receivedMicros)
        .setArray("methods", "bytea", bytes(captures, EncodedCapture::method))
        .setArray("paths", "bytea", bytes(captures, EncodedCapture::path))
        .setArray("queries", "bytea", bytes(captures, EncodedCapture::query))
        .setArray("heads", "bytea", bytes(captures, EncodedCapture::head))
        .setArray(
            "encodings",
            "int4",
            captures.stream()
                .map(c -> c.capture().body().encoding().code())
                .toArray(Integer[]::new))
        .setLongs("sizes", captures, c -> c.capture().body().size())
        .setArray(
            "sha256s", "bytea", bytes(captures, c -> c.capture().body().sha256().toByteArray()))
        .setLongs("stored_sizes", captures, EncodedCapture::storedSize)
        .setArray("data", "bytea", data(captures, false));
    if (large) {
      to.setArray("large_data", "bytea", data(captures, true));
    }
  }

  private static byte[][] bytes(
      List<EncodedCapture> captures, Function<EncodedCapture, byte[]> value) {
    return captures.stream().map(value).toArray(byte[][]::new);
  }

  /** How many of its hook's captures come after each. */
  private static Long[] after(List<EncodedCapture> captures) {
    Map<HookUid, Long> counts = new HashMap<>();
    Long[] after = new Long[captures.size()];
    for (int i = after.length - 1; i >= 0; i--) {
      after[i] = counts.merge(captures.get(i).hook(), 1L, Long::sum) - 1;
    }
    return after;
  }

  /** The data of those captures whose body is large, or of the others; null elsewhere. */
  private static byte[] @Nullable [] data(List<EncodedCapture> captures, boolean large) {
    byte[] @Nullable [] data = new byte[captures.size()][];
    for (int i = 0; i < data.length; i++) {
      EncodedCapture capture = captures.get(i);
      if (capture.isLarge() == large) {
        data[i] = capture.data();
      }
    }
    return data;
  }
}
