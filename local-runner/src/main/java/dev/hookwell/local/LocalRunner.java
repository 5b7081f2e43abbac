package dev.hookwell.local;

import dev.hookwell.capture.ConfigurationException;
import dev.hookwell.local.backup.BackupCommand;
import dev.hookwell.local.check.DatabaseCheck;
import dev.hookwell.local.command.GivenDatabase;
import dev.hookwell.local.command.RunnerCommand;
import dev.hookwell.local.folder.DataFolderException;
import dev.hookwell.local.folder.DataFolderInUseException;
import dev.hookwell.local.machine.LocalPort;
import dev.hookwell.local.machine.PortInUseException;
import dev.hookwell.local.postgres.LocalDatabaseException;
import dev.hookwell.local.queue.RedriveCommand;
import dev.hookwell.store.NewerSchemaException;
import dev.hookwell.store.StoreUnavailableException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code ./run}: starts, prints where the page is, and stops in order. */
public final class LocalRunner {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  private LocalRunner() {}

  public static void main(String[] arguments) {
    Path defaultData = Path.of(System.getProperty("hookwell.data", "data"));
    switch (RunnerCommand.parse(List.of(arguments), defaultData, System.getenv())) {
      case RunnerCommand.Help _ -> System.out.print(RunnerCommand.HELP);
      case RunnerCommand.Wrong wrong -> {
        System.err.println("hookwell: " + wrong.message() + "; ./run --help lists the options");
        System.exit(WRONG_USAGE);
      }
      case RunnerCommand.Check check -> System.exit(check(check, System.out, System.err));
      case RunnerCommand.Redrive redrive ->
          System.exit(RedriveCommand.run(redrive.data(), System.out, System.err));
      case RunnerCommand.Backup backup ->
          System.exit(
              BackupCommand.backUp(
                  backup.data(),
                  backup.file(),
                  backup.ownDatabase(),
                  Clock.systemUTC(),
                  System.out,
                  System.err));
      case RunnerCommand.Restore restore ->
          System.exit(
              BackupCommand.restore(
                  restore.data(), restore.file(), Clock.systemUTC(), System.out, System.err));
      case RunnerCommand.Health health -> System.exit(HealthQuestion.ask(health.url(), System.err));
      case RunnerCommand.Start start -> {
        if (!run(start, System.out, System.err)) {
          System.exit(FAILED);
        }
      }
    }
  }

  /** The exit status. */
  private static int check(RunnerCommand.Check command, PrintStream out, PrintStream err) {
    DatabaseCheck check;
    try {
      check =
          new DatabaseCheck(
              command.database().url(),
              command.allowWeakTls(),
              Clock.systemUTC(),
              new SecureRandom(),
              out);
    } catch (IllegalArgumentException e) {
      err.println("hookwell: " + e.getMessage());
      return WRONG_USAGE;
    }
    // Ctrl-C drops the check's schema, too.
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(check::stop));
    return check.run().status();
  }

  /** False when it could not start; the reason has been printed. */
  private static boolean run(RunnerCommand.Start start, PrintStream out, PrintStream err) {
    try {
      // A foreign address or a taken port is reported alone, without "Starting Hookwell" before it.
      start.reach().addresses().refuseForeign();
      int port = LocalPort.claim(start.port(), start.reach().addresses());
      out.println("Starting Hookwell; captures are kept in " + place(start));
      LocalSystem system =
          LocalSystem.of(
              new LocalSystem.Settings(
                  port,
                  start.data(),
                  start.database().map(GivenDatabase::url),
                  start.allowWeakTls(),
                  start.edge(),
                  environment(start),
                  start.reach(),
                  start.logToConsole()),
              notice -> err.println("hookwell: " + notice));
      AtomicBoolean failed = new AtomicBoolean();
      stopAtExit(system, failed, out);
      try {
        system.start();
      } catch (RuntimeException | Error e) {
        failed.set(true);
        throw e;
      }
      out.println("Hookwell is ready: " + start.reach().url(port));
      if (!start.reach().addresses().isLoopback()) {
        out.println("It listens on " + start.reach().addresses() + ", port " + port + ".");
      }
      out.println("Open it in a browser. Ctrl-C stops it.");
      return true;
    } catch (PortInUseException
        | DataFolderInUseException
        | DataFolderException
        | LocalDatabaseException
        | NewerSchemaException
        | IllegalArgumentException e) {
      err.println("hookwell: " + e.getMessage());
    } catch (ConfigurationException e) {
      err.println("hookwell: " + RunnerCommand.asSetHere(Objects.requireNonNull(e.getMessage())));
    } catch (StoreUnavailableException e) {
      err.println(
          "hookwell: the database"
              + start.database().map(given -> " of " + given.source()).orElse("")
              + " cannot be reached or used: "
              + DatabaseCheck.innermost(e));
    }
    return false;
  }

  /**
   * Adds the shutdown hook. To be called before the start, so that a runner that is stopped while
   * it starts leaves no database running.
   *
   * @param failed whether the start failed, so that there is nothing to stop
   */
  private static void stopAtExit(LocalSystem system, AtomicBoolean failed, PrintStream out) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(() -> {
                  if (!failed.get()) {
                    out.println("Stopping Hookwell: finishing what is under way ...");
                    system.close();
                    out.println("Stopped.");
                  }
                }));
  }

  /** The functions' settings, but for those that follow from the runner's address. */
  private static Map<String, String> environment(RunnerCommand.Start start) {
    Map<String, String> variables = new HashMap<>(start.settings());
    if (!start.allowedOrigins().isEmpty()) {
      variables.put("ALLOWED_ORIGINS", String.join(",", start.allowedOrigins()));
    }
    start.page().ifPresent(folder -> variables.put("PAGE_FOLDER", folder.toString()));
    return variables;
  }

  private static String place(RunnerCommand.Start start) {
    return start
        .database()
        .map(given -> "the database of " + given.source() + ", and until then in " + start.data())
        .orElse(start.data().toString());
  }
}
