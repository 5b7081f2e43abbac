package dev.hookwell.local.check;

import dev.hookwell.store.Database;
import dev.hookwell.store.Migrations;
import dev.hookwell.store.ScratchSchema;
import dev.hookwell.store.StoreClashException;
import dev.hookwell.store.StoreUnavailableException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * {@code ./run check}: whether a database keeps the promises that Hookwell builds on, tried with
 * the store's own writer and reader in a schema that is dropped again. Prints a line a step.
 */
public final class DatabaseCheck {
  private static final int TRANSACTIONS_IN_CONFLICT = 2;
  private static final String NAME = "hookwell-check";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private final Clock clock;
  private final SecureRandom random;
  private final PrintStream out;
  private final ScratchSchema schema;
  private final CheckTraffic traffic;

  private volatile boolean stopped;

  /** The outcome, with its exit status. */
  public enum Verdict {
    FIT(0),
    UNFIT(1),
    NOT_TRIED(2);

    private final int status;

    Verdict(int status) {
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  /** A step failed, and its failure was printed. */
  private static final class StepFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /**
   * Does nothing yet.
   *
   * @throws IllegalArgumentException when the URL is not usable; the message never shows it
   */
  public DatabaseCheck(
      String databaseUrl, boolean allowWeakTls, Clock clock, SecureRandom random, PrintStream out) {
    this.clock = clock;
    this.random = random;
    this.out = out;
    this.schema =
        new ScratchSchema(
            databaseUrl, allowWeakTls, new UUID(random.nextLong(), random.nextLong()), clock);
    this.traffic = new CheckTraffic(clock, random);
  }

  /** Tries everything, and leaves nothing behind. */
  public Verdict run() {
    Verdict verdict = tried();
    if (stopped) {
      return verdict;
    }
    try {
      step(
          "clean up",
          () -> {
            schema.close();
            return "nothing is left behind";
          });
    } catch (StepFailedException _) {
      out.println("Drop it yourself: " + byHand());
      verdict = verdict == Verdict.FIT ? Verdict.UNFIT : verdict;
    }
    out.println(
        switch (verdict) {
          case FIT -> "This database is fit for Hookwell.";
          case UNFIT -> "This database is NOT fit for Hookwell: see the step that failed.";
          case NOT_TRIED -> "The database could not be tried.";
        });
    return verdict;
  }

  /** Ends the check early, from any thread: drops the schema, once. */
  public void stop() {
    stopped = true;
    try {
      schema.close();
    } catch (StoreUnavailableException e) {
      out.println("The schema could not be dropped: " + innermost(e));
      out.println("Drop it yourself: " + byHand());
    }
  }

  private String byHand() {
    return "DROP SCHEMA IF EXISTS " + schema.name() + " CASCADE";
  }

  private Verdict tried() {
    try {
      step(
          "connect",
          () -> {
            ScratchSchema.Server server = schema.server();
            return server.version().replaceFirst("(,| \\().*", "") + ", " + server.isolation();
          });
      step(
          "schema",
          () -> {
            schema.create();
            return schema.name() + "; nothing outside of it is touched";
          });
      step(
          "path",
          () -> {
            schema.open(Database.Settings.forFunction(NAME)).close();
            return "tables are looked for in that schema alone";
          });
    } catch (StepFailedException _) {
      return Verdict.NOT_TRIED;
    }
    try {
      inTheSchema();
      return Verdict.FIT;
    } catch (StepFailedException _) {
      return Verdict.UNFIT;
    }
  }

  private void inTheSchema() {
    step(
        "migrate",
        () -> {
          Database database = schema.open(Database.Settings.forMigrations(NAME));
          Migrations migrations =
              new Migrations(
                  database,
                  Migrations.Settings.DEFAULT,
                  clock,
                  traffic.retries(),
                  () -> new UUID(random.nextLong(), random.nextLong()));
          int first = migrations.run();
          CheckTraffic.require(migrations.run() == 0, "a second migration found something to do");
          return first + " changes, and none the second time";
        });
    Database.Settings settings = Database.Settings.forFunction(NAME);
    Database reading = schema.open(settings);
    Database usual = schema.open(settings.withPoolSize(CheckTraffic.CONNECTIONS));
    Database strict = schema.openSerializable(settings.withPoolSize(CheckTraffic.CONNECTIONS));

    Future<List<UUID>> reader = traffic.startReading(reading);
    try {
      step("write", () -> "at the usual isolation: " + traffic.write(usual));
      step("strictly", () -> "SERIALIZABLE: " + traffic.write(strict));
    } finally {
      traffic.allIsSent();
    }
    step("read", () -> traffic.checkWhatWasSeen(reader));
    step("bodies", () -> traffic.checkBodies(reading));
    step("again", () -> traffic.writeAgain(usual));
    step(
        "conflict",
        () -> {
          int lost =
              schema.provokeConflict(
                  usual, traffic.hook().uid(), traffic.retries(), traffic.deadline());
          CheckTraffic.require(
              lost > 0, "two SERIALIZABLE transactions changed one row unseen by each other");
          return "40001 " + lost + " times, repeated, and no change lost";
        });
    step("counts", () -> traffic.checkCounts(reading, TRANSACTIONS_IN_CONFLICT));
  }

  private void step(String name, Supplier<String> work) {
    try {
      say("ok", name, work.get());
    } catch (CheckTraffic.BrokenPromiseException e) {
      throw failed(name, String.valueOf(e.getMessage()));
    } catch (StoreUnavailableException | StoreClashException e) {
      throw failed(name, reason(e));
    }
  }

  private StepFailedException failed(String name, String why) {
    say("FAILED", name, why);
    return new StepFailedException();
  }

  /**
   * Prints nothing once the check was stopped: a step that fails then proves nothing about the
   * database.
   */
  private void say(String word, String name, String text) {
    if (!stopped) {
      out.printf("%-7s %-9s %s%n", word, name, text);
    }
  }

  private static String reason(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException refusal
          && INSUFFICIENT_PRIVILEGE.equals(refusal.getSQLState())) {
        return innermost(failure)
            + "; use an administrator's URL, or GRANT CREATE ON DATABASE to the role";
      }
    }
    return innermost(failure);
  }

  /** The innermost reason: the driver's own words say what to change. */
  public static String innermost(Throwable failure) {
    Throwable reason = failure;
    while (reason.getCause() != null) {
      reason = reason.getCause();
    }
    return String.valueOf(reason.getMessage()).lines().findFirst().orElse("");
  }
}
