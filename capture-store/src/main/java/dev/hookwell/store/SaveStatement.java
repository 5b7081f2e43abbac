package dev.hookwell.store;

import dev.hookwell.capture.HookId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Saves captures in one flush to the server, in which they are numbered and counted. */
final class SaveStatement {
  private final HookLimits limits;

  SaveStatement(HookLimits limits) {
    this.limits = limits;
  }

  /**
   * What a hook got.
   *
   * @param count captures that were new
   * @param lastSeq the number of the last of them
   */
  record Numbered(long count, long lastSeq) {
    static final Numbered NONE = new Numbered(0, 0);

    /** Whether this save gave out the number. */
    boolean gaveOut(long seq) {
      return seq > lastSeq - count && seq <= lastSeq;
    }
  }

  /**
   * Saves them.
   *
   * @param captures in the order in which they shall be numbered, none twice
   * @return the hooks that got captures
   */
  Map<UUID, Numbered> run(Connection connection, List<EncodedCapture> captures, Instant now)
      throws SQLException {
    // Sorted, so that no two writers wait for each other.
    TreeMap<UUID, HookId> hooks = new TreeMap<>();
    captures.forEach(c -> hooks.put(c.hook(), c.capture().hook()));
    Instant expiry = now.plus(limits.captureLife());
    boolean large = captures.stream().anyMatch(EncodedCapture::isLarge);
    try (PreparedStatement save = connection.prepareStatement(Sql.save(hooks.size(), large))) {
      int next = 1;
      for (HookId hook : hooks.values()) {
        save.setObject(next++, hook.random());
        save.setObject(next++, hook.expiresAt().atOffset(ZoneOffset.UTC));
        Instant gone = hook.expiresAt().plus(Retention.GRACE);
        save.setObject(next++, (gone.isBefore(expiry) ? gone : expiry).atOffset(ZoneOffset.UTC));
      }
      for (Array column : columns(connection, captures, large)) {
        save.setArray(next++, column);
      }
      save.setObject(next++, now.atOffset(ZoneOffset.UTC));
      save.setLong(next++, limits.captures());
      save.setLong(next++, limits.bytes());
      save.setObject(next++, now.atOffset(ZoneOffset.UTC));
      save.setObject(next, expiry.atOffset(ZoneOffset.UTC));
      return numbered(save);
    }
  }

  private static Map<UUID, Numbered> numbered(PreparedStatement save) throws SQLException {
    save.execute();
    Map<UUID, Numbered> numbered = new HashMap<>();
    try (ResultSet rows = SecondStatement.rows(save)) {
      while (rows.next()) {
        numbered.put(rows.getObject(1, UUID.class), new Numbered(rows.getLong(2), rows.getLong(3)));
      }
    }
    return numbered;
  }

  /**
   * @param large whether there is a column for what is kept apart
   */
  private static List<Array> columns(
      Connection connection, List<EncodedCapture> captures, boolean large) throws SQLException {
    Columns columns = new Columns(connection, captures);
    Long[] order = new Long[captures.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = (long) i;
    }
    List<Array> arrays = new ArrayList<>();
    arrays.add(columns.of("uuid", UUID[]::new, EncodedCapture::hook));
    arrays.add(connection.createArrayOf("int8", order));
    arrays.add(columns.of("uuid", UUID[]::new, EncodedCapture::id));
    arrays.add(columns.of("int8", Long[]::new, EncodedCapture::receivedMicros));
    arrays.add(columns.of("bytea", byte[][]::new, EncodedCapture::method));
    arrays.add(columns.of("bytea", byte[][]::new, EncodedCapture::path));
    arrays.add(columns.of("bytea", byte[][]::new, EncodedCapture::query));
    arrays.add(columns.of("bytea", byte[][]::new, EncodedCapture::head));
    arrays.add(columns.of("int4", Integer[]::new, c -> c.capture().body().encoding().code()));
    arrays.add(columns.of("int8", Long[]::new, c -> c.capture().body().size()));
    arrays.add(columns.of("bytea", byte[][]::new, c -> c.capture().body().sha256().toByteArray()));
    arrays.add(connection.createArrayOf("bytea", data(captures, false)));
    if (large) {
      arrays.add(connection.createArrayOf("bytea", data(captures, true)));
    }
    return arrays;
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

  private record Columns(Connection connection, List<EncodedCapture> captures) {
    <T> Array of(String type, IntFunction<T[]> array, Function<EncodedCapture, T> value)
        throws SQLException {
      return connection.createArrayOf(type, captures.stream().map(value).toArray(array));
    }
  }
}
