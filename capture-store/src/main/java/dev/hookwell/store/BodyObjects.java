package dev.hookwell.store;

import dev.hookwell.capture.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
          Set.copyOf(
              retries.within(
                  BUDGET,
                  database,
                  ObjectSql.KNOWN.rows(to -> ObjectSql.setKeys(to, some), ObjectSql::key))));
    }
    return unknown;
  }

  /**
   * When this store's schema was made, by which it is told from another at the same address.
   *
   * @throws StoreUnavailableException when the database failed
   */
  public Instant storeMadeAt() {
    return retries
        .within(
            BUDGET,
            database,
            ObjectSql.STORE_MADE_AT.row(
                NamedStatement.Bind.NOTHING, row -> Utc.read(row, "made_at")))
        .orElseThrow();
  }
}
