package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** CockroachDB's default: here 40001 really happens. */
final class SerializableStoreIT {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  private static String url() {
    return POSTGRES.freshSchema() + "&options=-c%20default_transaction_isolation%3Dserializable";
  }

  @Test
  void theLevelIsWhatTheNameSays() throws Exception {
    try (Database database = Stores.open(url(), 1)) {
      assertEquals(
          "serializable",
          database.call(connection -> {
            try (Statement show = connection.createStatement();
                ResultSet level = show.executeQuery("SHOW transaction_isolation")) {
              level.next();
              return level.getString(1);
            }
          }));
    }
  }

  @Nested
  final class SavingAndReading extends CaptureStoreContract {
    SavingAndReading() {
      super(url());
    }

    /** Or these tests would say nothing that the other level's do not. */
    @AfterAll
    void conflictsReallyHappened() {
      assertTrue(conflicts.get() > 0);
    }
  }

  @Nested
  final class Removing extends CaptureRemovalContract {
    Removing() {
      super(url());
    }
  }

  @Nested
  final class Retaining extends RetentionContract {
    Retaining() {
      super(url());
    }
  }

  @Nested
  final class Counting extends RandomHistoryContract {
    Counting() {
      super(url());
    }
  }

  @Nested
  final class Bounding extends StoreBoundContract {
    Bounding() {
      super(url());
    }
  }

  @Nested
  final class Responding extends ResponseScriptContract {
    Responding() {
      super(url());
    }
  }
}
