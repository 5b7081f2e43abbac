package dev.hookwell.store;

import dev.hookwell.capture.HookUid;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
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
import org.jspecify.annotations.Nullable;

/**
 * Saves captures in one round trip, in which they are numbered and counted.
 *
 * <p>The hooks stand in the text, so each number of them would be a text of its own, and planned
 * anew nearly each time. So a text is for one or two powers of two of hooks: the greatest that is
 * in their number, and the least that holds the rest. What that has too many is filled up with
 * hooks of the first, to whose rows nothing is added; they are held already. (Rows of no hook would
 * be rows of hooks that nobody made.) Both statements go out together and are one transaction.
 */
final class SaveStatement {
  private final HookLimits limits;
  private final Map<Shape, String> texts = new ConcurrentHashMap<>();

  SaveStatement(HookLimits limits) {
    this.limits = limits;
  }

  /**
   * What a text is for.
   *
   * @param second hooks of its second statement; 0 where there is none
   */
  private record Shape(int first, int second, boolean large, boolean objects) {
    String text() {
      String text = Sql.save(first, large, objects);
      return second == 0 ? text : text + ";\n" + Sql.save(second, large, objects);
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
   * Saves them, all of a hook or none.
   *
   * @param captures at least one, in the order in which they shall be numbered, none twice
   * @return the hooks whose captures are saved; the others were deleted, or cleared since the first
   *     of all captures was received
   * @throws SQLException a {@link SqlFailure#CLASH} too when some are there already; nothing is
   *     saved then
   */
  Set<HookUid> run(Connection connection, List<EncodedCapture> captures, Instant now)
      throws SQLException {
    List<Part> parts = parts(captures);
    Shape shape = shape(captures, parts);
    OffsetDateTime first =
        utc(
            captures.stream()
                .map(c -> c.capture().receivedAt())
                .min(Comparator.naturalOrder())
                .orElseThrow()
                .truncatedTo(ChronoUnit.MICROS));
    String sql = texts.computeIfAbsent(shape, Shape::text);
    try (PreparedStatement save = connection.prepareStatement(sql)) {
      int next = 1;
      for (Part part : parts) {
        next = bind(save, next, part, shape, first, now);
      }
      Set<HookUid> saved = new HashSet<>();
      boolean answered = save.execute();
      while (answered) {
        try (ResultSet rows = save.getResultSet()) {
          while (rows.next()) {
            saved.add(new HookUid(rows.getObject(1, UUID.class)));
          }
        }
        answered = save.getMoreResults();
      }
      return saved;
    }
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

  /** The text that saves these. */
  static String text(List<EncodedCapture> captures) {
    return shape(captures, parts(captures)).text();
  }

  private int bind(
      PreparedStatement save,
      int position,
      Part part,
      Shape shape,
      OffsetDateTime first,
      Instant now)
      throws SQLException {
    int next = position;
    for (List<EncodedCapture> its : part.hooks().values()) {
      long bytes = its.stream().mapToLong(c -> c.capture().body().keptBytes()).sum();
      long stored = its.stream().mapToLong(EncodedCapture::storedSize).sum();
      next = bindHook(save, next, its, its.size(), bytes, stored, now);
    }
    for (List<EncodedCapture> its : part.fillers().values()) {
      next = bindHook(save, next, its, 0, 0, 0, now);
    }
    save.setObject(next++, first);
    save.setObject(next++, first);
    save.setObject(next++, first);
    save.setObject(next++, utc(now));
    save.setLong(next++, limits.captures());
    save.setLong(next++, limits.bytes());
    save.setObject(next++, utc(now));
    save.setObject(next++, first);
    for (Array column : columns(save.getConnection(), part.captures(), shape.large())) {
      save.setArray(next++, column);
    }
    if (shape.objects()) {
      save.setLong(next++, limits.captureLife().toSeconds());
    }
    return next;
  }

  /**
   * @param its the hook's captures in this batch
   * @param count what is added to the hook's row, with the two numbers of bytes
   */
  private int bindHook(
      PreparedStatement save,
      int position,
      List<EncodedCapture> its,
      long count,
      long bytes,
      long stored,
      Instant now)
      throws SQLException {
    int next = position;
    Instant end = its.getFirst().capture().hook().expiresAt();
    save.setObject(next++, its.getFirst().hook().value());
    save.setObject(next++, utc(end));
    save.setLong(next++, count);
    save.setLong(next++, bytes);
    save.setLong(next++, stored);
    save.setObject(next++, utc(due(end, its, bytes, now)));
    return next;
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

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  /**
   * @param large whether there is a column for what is kept apart
   */
  private static List<Array> columns(
      Connection connection, List<EncodedCapture> captures, boolean large) throws SQLException {
    Columns columns = new Columns(connection, captures);
    List<Array> arrays = new ArrayList<>();
    arrays.add(columns.ofUuids(capture -> capture.hook().value()));
    arrays.add(connection.createArrayOf("int8", after(captures)));
    arrays.add(columns.ofUuids(EncodedCapture::id));
    arrays.add(columns.of("int8", Long[]::new, EncodedCapture::receivedMicros));
    arrays.add(columns.of("bytea", byte[][]::new, EncodedCapture::method));
    arrays.add(columns.of("bytea", byte[][]::new, EncodedCapture::path));
    arrays.add(columns.of("bytea", byte[][]::new, EncodedCapture::query));
    arrays.add(columns.of("bytea", byte[][]::new, EncodedCapture::head));
    arrays.add(columns.of("int4", Integer[]::new, c -> c.capture().body().encoding().code()));
    arrays.add(columns.of("int8", Long[]::new, c -> c.capture().body().size()));
    arrays.add(columns.of("bytea", byte[][]::new, c -> c.capture().body().sha256().toByteArray()));
    arrays.add(columns.of("int8", Long[]::new, EncodedCapture::storedSize));
    arrays.add(connection.createArrayOf("bytea", data(captures, false)));
    if (large) {
      arrays.add(connection.createArrayOf("bytea", data(captures, true)));
    }
    return arrays;
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
