package dev.hookwell.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** PostgreSQL's default. */
final class ReadCommittedStoreIT {
  @RegisterExtension static final PostgresServer POSTGRES = new PostgresServer();

  private static String url() {
    return POSTGRES.freshSchema();
  }

  @Test
  void theLevelIsWhatTheNameSays() throws Exception {
    try (Database database = Stores.open(url(), 1)) {
      assertEquals(
          "read committed",
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

    /** Neither deadlocks nor anything else: who is late waits. */
    @AfterAll
    void noConflictEverHappened() {
      assertEquals(0, conflicts.get());
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
