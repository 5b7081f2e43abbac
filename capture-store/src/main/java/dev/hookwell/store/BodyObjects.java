package dev.hookwell.store;

import dev.hookwell.capture.HookUid;
import dev.hookwell.capture.ObjectKey;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Tells which bodies that lie apart are of captures that came to the store. Thread-safe. */
public final class BodyObjects {
  private static final int BATCH = 500;
  private static final Duration BUDGET = Duration.ofSeconds(10);

  private final Database database;
  private final Retries retries;

  public BodyObjects(Database database, Retries retries) {
    this.database = database;
    this.retries = retries;
  }

  /**
   * Those of which the store knows nothing: their captures never came, or went so long ago that no
   * message can hold them any more.
   *
   * @throws StoreUnavailableException when the database failed
   */
  public Set<ObjectKey> unknown(Collection<ObjectKey> keys) {
    Set<ObjectKey> unknown = new HashSet<>(keys);
    List<ObjectKey> all = List.copyOf(keys);
    for (int i = 0; i < all.size(); i += BATCH) {
      List<ObjectKey> some = all.subList(i, Math.min(all.size(), i + BATCH));
      unknown.removeAll(
          retries.within(
              BUDGET,
              () ->
                  database.call(connection -> {
                    try (PreparedStatement known = connection.prepareStatement(ObjectSql.KNOWN)) {
                      List<UUID> hooks = some.stream().map(key -> key.hook().value()).toList();
                      List<UUID> captures = some.stream().map(ObjectKey::capture).toList();
                      known.setArray(1, UuidArray.of(connection, hooks));
                      known.setArray(2, UuidArray.of(connection, captures));
                      return keys(known);
                    }
                  })));
    }
    return unknown;
  }

  /**
   * When this store's schema was made, by which it is told from another at the same address.
   *
   * @throws StoreUnavailableException when the database failed
   */
  public Instant storeMadeAt() {
    return retries.within(
        BUDGET,
        () ->
            database.call(connection -> {
              try (PreparedStatement made = connection.prepareStatement(ObjectSql.STORE_MADE_AT);
                  ResultSet row = made.executeQuery()) {
                row.next();
                return row.getObject(1, OffsetDateTime.class).toInstant();
              }
            }));
  }

  private static Set<ObjectKey> keys(PreparedStatement select) throws SQLException {
    Set<ObjectKey> keys = new HashSet<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        keys.add(
            new ObjectKey(new HookUid(row.getObject(1, UUID.class)), row.getObject(2, UUID.class)));
      }
    }
    return keys;
  }
}
