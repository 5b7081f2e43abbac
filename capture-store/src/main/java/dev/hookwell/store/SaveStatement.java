package dev.hookwell.store;

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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Saves captures in one round trip, in which they are numbered and counted. A statement is for as
 * many hooks as a power of two, so that the database plans a few texts instead of one for every
 * number of hooks; several go out together and are one transaction. Rows that only fill a number up
 * would be rows of hooks that nobody made.
 */
final class SaveStatement {
  private final HookLimits limits;

  SaveStatement(HookLimits limits) {
    this.limits = limits;
  }

  /** Captures of as many hooks as one statement is for. */
  private record Part(SortedMap<UUID, List<EncodedCapture>> hooks, boolean large, boolean objects) {
    static Part of(Map<UUID, List<EncodedCapture>> hooks) {
      return new Part(
          new TreeMap<>(hooks),
          hooks.values().stream().flatMap(List::stream).anyMatch(EncodedCapture::isLarge),
          hooks.values().stream().flatMap(List::stream).anyMatch(EncodedCapture::isObject));
    }

    String sql() {
      return Sql.save(hooks.size(), large, objects);
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
  Set<UUID> run(Connection connection, List<EncodedCapture> captures, Instant now)
      throws SQLException {
    List<Part> parts = parts(captures);
    OffsetDateTime first =
        utc(
            captures.stream()
                .map(c -> c.capture().receivedAt())
                .min(Comparator.naturalOrder())
                .orElseThrow()
                .truncatedTo(ChronoUnit.MICROS));
    String sql = parts.stream().map(Part::sql).collect(Collectors.joining(";\n"));
    try (PreparedStatement save = connection.prepareStatement(sql)) {
      int next = 1;
      for (Part part : parts) {
        next = bind(save, next, part, first, now);
      }
      Set<UUID> saved = new HashSet<>();
      boolean answered = save.execute();
      while (answered) {
        try (ResultSet rows = save.getResultSet()) {
          while (rows.next()) {
            saved.add(rows.getObject(1, UUID.class));
          }
        }
        answered = save.getMoreResults();
      }
      return saved;
    }
  }

  /** Sorted by hook, over all parts, so that no two writers wait for each other. */
  private static List<Part> parts(List<EncodedCapture> captures) {
    TreeMap<UUID, List<EncodedCapture>> hooks = new TreeMap<>();
    captures.forEach(c -> hooks.computeIfAbsent(c.hook(), hook -> new ArrayList<>()).add(c));
    List<Part> parts = new ArrayList<>();
    int left = hooks.size();
    Map<UUID, List<EncodedCapture>> part = new LinkedHashMap<>();
    for (Map.Entry<UUID, List<EncodedCapture>> hook : hooks.entrySet()) {
      part.put(hook.getKey(), hook.getValue());
      if (part.size() == Integer.highestOneBit(left)) {
        parts.add(Part.of(part));
        left -= part.size();
        part.clear();
      }
    }
    return parts;
  }

  /** The texts of the statements that save these. */
  static List<String> texts(List<EncodedCapture> captures) {
    return parts(captures).stream().map(Part::sql).toList();
  }

  private int bind(
      PreparedStatement save, int position, Part part, OffsetDateTime first, Instant now)
      throws SQLException {
    int next = position;
    for (Map.Entry<UUID, List<EncodedCapture>> hook : part.hooks().entrySet()) {
      List<EncodedCapture> its = hook.getValue();
      Instant end = its.getFirst().capture().hook().expiresAt();
      long bytes = its.stream().mapToLong(c -> c.capture().body().keptBytes()).sum();
      save.setObject(next++, hook.getKey());
      save.setObject(next++, utc(end));
      save.setLong(next++, its.size());
      save.setLong(next++, bytes);
      save.setLong(next++, its.stream().mapToLong(EncodedCapture::storedSize).sum());
      save.setObject(next++, utc(due(end, its, bytes, now)));
    }
    save.setObject(next++, first);
    save.setObject(next++, first);
    save.setObject(next++, first);
    save.setObject(next++, utc(now));
    save.setLong(next++, limits.captures());
    save.setLong(next++, limits.bytes());
    save.setObject(next++, utc(now));
    save.setObject(next++, first);
    for (Array column : columns(save.getConnection(), part.captures(), part.large())) {
      save.setArray(next++, column);
    }
    if (part.objects()) {
      save.setLong(next++, limits.captureLife().toSeconds());
    }
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
    arrays.add(columns.ofUuids(EncodedCapture::hook));
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
    Map<UUID, Long> counts = new HashMap<>();
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
