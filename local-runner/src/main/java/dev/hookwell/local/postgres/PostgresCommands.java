package dev.hookwell.local.postgres;

import dev.hookwell.local.folder.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Calls PostgreSQL's programs for one data directory. They get only {@link #ENVIRONMENT} of this
 * process's environment, and no secret on their command lines. Their output goes to the log.
 */
final class PostgresCommands {
  /** The variables that they need: the rest may hold secrets. */
  private static final Set<String> ENVIRONMENT = Set.of("PATH", "TMPDIR");

  /** A start after a crash reads the write-ahead log, on a slow machine for minutes. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /**
   * Keeps details and statements out of the log: details quote rows, which hold captured data, and
   * a statement may hold a password.
   */
  private static final Map<String, String> SILENT =
      Map.of("log_error_verbosity", "terse", "log_min_error_statement", "panic");

  /**
   * Characters that a shell interprets in double quotes, in which pg_ctl puts paths, and control
   * characters.
   */
  private static final Pattern NOT_IN_A_PATH = Pattern.compile("[\"$`\\\\\\p{Cntrl}]");

  private final Path programs;
  private final Path data;
  private final Path log;

  PostgresCommands(Path programs, Path data, Path log) {
    this.programs = programs;
    this.data = data;
    this.log = log;
  }

  /**
   * Checks that they can be called at all. PostgreSQL does not run as root. If this process does,
   * each program gets a user namespace of its own, in which it is nobody and yet owns the same
   * files.
   *
   * @throws LocalDatabaseException when the system refuses a namespace, or the path cannot be
   *     passed on
   */
  static void check(Path data) {
    if (NOT_IN_A_PATH.matcher(data.toString()).find()) {
      throw new LocalDatabaseException(
          "the path of the data folder must not hold a quotation mark, dollar sign, backquote,"
              + " backslash or control character: PostgreSQL hands it to a shell");
    }
    if (PrivateFiles.ownUser() == 0 && !givesNamespace()) {
      throw new LocalDatabaseException(
          "the built-in PostgreSQL does not run as root, and this system refuses it a user"
              + " namespace: run Hookwell as another user, with a data folder of that user's, or"
              + " name a database of your own by HOOKWELL_DATABASE_URL");
    }
  }

  private static boolean givesNamespace() {
    try {
      return new ProcessBuilder(asNobody(List.of("true")))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static List<String> asNobody(List<String> command) {
    List<String> all = new ArrayList<>(List.of("unshare", "--user"));
    all.addAll(command);
    return all;
  }

  /** The programs' major version of PostgreSQL, in the form of the file {@code PG_VERSION}. */
  String majorVersion() throws IOException {
    Path answer = Files.createTempFile(data.getParent(), "version", "");
    try {
      run(List.of(program("postgres"), "--version"), "", answer);
      return Files.readString(answer).replaceFirst("(?s).*\\) (\\d+).*", "$1");
    } finally {
      Files.delete(answer);
    }
  }

  /**
   * Makes the data directory. No server listens meanwhile, and one started on it would let nobody
   * in.
   */
  void initialise() throws IOException {
    run(
        List.of(
            program("initdb"),
            "--pgdata=" + data,
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C",
            "--auth=reject",
            "--no-instructions"),
        "",
        log);
  }

  /**
   * Runs statements as the superuser, in a process that listens nowhere; only while no server runs.
   *
   * @param statements a line each
   */
  void execute(List<String> statements) throws IOException {
    List<String> command = new ArrayList<>(List.of(program("postgres"), "--single"));
    command.addAll(List.of("-D", data.toString(), "-c", "exit_on_error=on"));
    SILENT.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    command.add("postgres");
    // Its prompts and the statements' results are dropped.
    run(command, String.join("\n", statements) + "\n", Path.of("/dev/null"));
  }

  /** Starts the server in the background, away from the terminal's signals. */
  void start(Map<String, String> settings) throws IOException {
    StringBuilder options = new StringBuilder();
    SILENT.forEach((name, value) -> options.append(" -c " + name + "=" + value));
    settings.forEach((name, value) -> options.append(" -c " + name + "=" + value));
    run(
        List.of(
            program("pg_ctl"),
            "--pgdata=" + data,
            "--log=" + log,
            "--options=" + options.toString().strip(),
            "--timeout=" + PATIENCE.toSeconds(),
            "--silent",
            "--wait",
            "start"),
        "",
        log);
  }

  private String program(String name) {
    return programs.resolve(name).toString();
  }

  private void run(List<String> command, String input, Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(PrivateFiles.ownUser() == 0 ? asNobody(command) : command)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().keySet().retainAll(ENVIRONMENT);
    Process process = builder.start();
    String name = Path.of(command.getFirst()).getFileName().toString();
    try {
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      // The timeout of pg_ctl itself ends first.
      if (!process.waitFor(PATIENCE.toSeconds() + 30, TimeUnit.SECONDS)) {
        throw new IOException(name + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + name + " ran", e);
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new IOException(name + " failed with status " + process.exitValue());
    }
  }
}
