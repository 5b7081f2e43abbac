package dev.hookwell.store;

import dev.hookwell.capture.HookUid;
import dev.hookwell.capture.NamedSecret;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A schema of its own in somebody's database, to try a server out without touching its other data:
 * its tables are found by the search path alone. Closing it drops it, with everything in it.
 * Thread-safe.
 */
public final class ScratchSchema implements AutoCloseable {
  private static final int BARRIER_SECONDS = 20;

  private final NamedSecret url;
  private final boolean allowWeakTls;
  private final String name;
  private final Database outside;
  private final List<Database> inside = new ArrayList<>();

  private boolean created;
  private boolean closed;

  /**
   * Does nothing yet.
   *
   * @param tag tells this schema from all others
   * @throws IllegalArgumentException when the URL is not usable; the message never shows it
   */
  public ScratchSchema(String url, boolean allowWeakTls, UUID tag, Clock clock) {
    DatabaseUrl.parse(url, allowWeakTls);
    this.url = NamedSecret.fixed(url, clock);
    this.allowWeakTls = allowWeakTls;
    this.name = "hookwell_check_" + tag.toString().replace("-", "").substring(0, 12);
    this.outside =
        new Database(
            this.url, Database.Settings.forMigrations("hookwell-check"), this.allowWeakTls);
  }

  /**
   * A server, as it describes itself.
   *
   * @param isolation of its transactions, unless they ask for another
   */
  public record Server(String version, String isolation) {}

  public String name() {
    return name;
  }

  /**
   * The version and the isolation of the server.
   *
   * @throws StoreUnavailableException when it cannot be reached
   */
  public Server server() {
    return ask(outside, row -> new Server(row.getString("version"), row.getString("isolation")));
  }

  /**
   * Makes the schema.
   *
   * @throws StoreUnavailableException when the server refuses; its cause says why
   */
  public synchronized void create() {
    if (closed) {
      throw new StoreUnavailableException("the check is being stopped");
    }
    // Before it is tried: whether a statement that was cut off has worked cannot be known.
    created = true;
    execute(Sql.createSchema(name));
  }

  /**
   * Connections whose tables are those of this schema; closed with it.
   *
   * @throws StoreUnavailableException when the server cannot be reached, or does not follow the
   *     search path, so that other tables might be touched
   */
  public Database open(Database.Settings settings) {
    return open(settings, "");
  }

  /** The same with every transaction SERIALIZABLE, as by default in CockroachDB. */
  public Database openSerializable(Database.Settings settings) {
    return open(settings, " -c default_transaction_isolation=serializable");
  }

  private synchronized Database open(Database.Settings settings, String isolation) {
    if (closed) {
      throw new StoreUnavailableException("the check is being stopped");
    }
    Database database =
        new Database(url, settings, allowWeakTls, "-c search_path=" + name + isolation);
    inside.add(database);
    if (!name.equals(ask(database, row -> String.valueOf(row.getString("schema_name"))))) {
      throw new StoreUnavailableException(
          "the server does not follow search_path; is there a connection pooler in between?");
    }
    return database;
  }

  /**
   * Lets two SERIALIZABLE transactions read one row before either changes it, so that one of them
   * has to lose and be repeated. Afterwards the hook's dropped count is up by two.
   *
   * @param database with two connections or more
   * @return how many transactions were refused with 40001 and repeated
   * @throws StoreUnavailableException when it did not end well before the deadline
   */
  public int provokeConflict(Database database, HookUid hook, Retries retries, Instant deadline) {
    AtomicInteger conflicts = new AtomicInteger();
    CyclicBarrier bothHaveRead = new CyclicBarrier(2);
    Callable<Boolean> rival =
        () -> {
          boolean[] first = {true};
          return retries.until(
              deadline,
              () -> {
                boolean waits = first[0];
                first[0] = false;
                try {
                  return database.call(connection ->
                      countUp(connection, hook, waits ? bothHaveRead : new CyclicBarrier(1)));
                } catch (SQLException e) {
                  if (SqlFailure.of(e) == SqlFailure.RETRY) {
                    conflicts.incrementAndGet();
                  }
                  throw e;
                }
              });
        };
    try (ExecutorService both = Executors.newFixedThreadPool(2)) {
      for (Future<Boolean> done : both.invokeAll(List.of(rival, rival))) {
        if (!done.get()) {
          throw new StoreUnavailableException("the hook's row is not there");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SQLException failure
          ? Retries.asUnchecked(failure)
          : new StoreUnavailableException("the transactions failed", e);
    }
    return conflicts.get();
  }

  private static boolean countUp(Connection connection, HookUid hook, CyclicBarrier haveRead)
      throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
    connection.setAutoCommit(false);
    try {
      long dropped =
          Sql.READ_HOOK
              .row(to -> to.setUuid("hook", hook.value()), row -> row.getLong("dropped_count"))
              .run(connection)
              .orElse(0L);
      await(haveRead);
      int changed =
          Sql.SET_DROPPED
              .count(to -> to.setLong("dropped", dropped + 1).setUuid("hook", hook.value()))
              .run(connection);
      connection.commit();
      return changed == 1;
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    }
  }

  private static void await(CyclicBarrier barrier) throws SQLException {
    try {
      barrier.await(BARRIER_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientConnectionException("interrupted", e);
    } catch (BrokenBarrierException | TimeoutException e) {
      throw new SQLTransientConnectionException("the other transaction did not get that far", e);
    }
  }

  private static <T> T ask(Database database, NamedStatement.Row<T> answer) {
    return Retries.unchecked(
            () -> database.call(Sql.WHERE_AM_I.row(NamedStatement.Bind.NOTHING, answer)))
        .orElseThrow();
  }

  private void execute(NamedStatement change) {
    Retries.unchecked(() -> outside.call(change.count(NamedStatement.Bind.NOTHING)));
  }

  /**
   * Drops the schema, if it was made. Once is enough; again is harmless.
   *
   * @throws StoreUnavailableException when the server did not do it: the schema is still there
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    inside.forEach(Database::close);
    try {
      if (created) {
        execute(Sql.dropSchema(name));
      }
    } finally {
      outside.close();
    }
  }
}
