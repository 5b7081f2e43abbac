package dev.hookwell.local;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the command line asks for. */
sealed interface RunnerCommand {
  String HELP =
      """
      Usage: ./run [options]
             ./run check [--database-url URL | --database-url-file FILE] [--allow-weak-tls]
             ./run redrive [--data FOLDER]

      Starts all of Hookwell on this machine: gateway, ingest, queue, persist, database, API and page.

        --port N            the page's and the hooks' port on 127.0.0.1 (default 8080, 0 takes a free one)
        --data FOLDER       where captures and keys are kept between runs, yours alone (default: data, beside
                            this script)
        --database-url URL  a CockroachDB or PostgreSQL of your own instead of the built-in one:
                            postgresql://user@host:26257/database?sslmode=verify-full
                            It must not hold a password: everybody on the machine can read a command line.
        --database-url-file FILE
                            the same from a file that others cannot read, with the password:
                            postgresql://user:password@host:26257/database?sslmode=verify-full
        --allow-weak-tls    accept an sslmode below verify-full in the database's URL
        --allow-origin URL  also let pages of this origin make hooks, as http://localhost:3000 (may be repeated);
                            only Hookwell's own page may else
        --edge              also play Cloudflare in front of the gateway: exact paths are recorded
        --help              this text

      The variable HOOKWELL_DATABASE_URL gives the database's URL, too; an option goes before it. No other variable
      is looked at.

      Ctrl-C stops it. Nothing that was acknowledged is lost, however it is stopped.

      check tries a database out, once, before it is used: in a schema of its own that it drops again, it
      migrates, writes to one hook from 8 connections, meets a conflict, and reads by cursor all the while.
      Its status is 0 for a database that is fit, 1 for one that is not, 2 when it could not be tried.

      redrive has the dead letters tried again, which could not be stored however often it was tried.
      It works while Hookwell runs on the folder, and while it does not.
      """;

  /** Start. */
  record Start(
      int port,
      Path data,
      Optional<GivenDatabase> database,
      boolean allowWeakTls,
      boolean edge,
      List<String> allowedOrigins)
      implements RunnerCommand {}

  /** Try a database out. */
  record Check(GivenDatabase database, boolean allowWeakTls) implements RunnerCommand {}

  /** Have the dead letters tried again. */
  record Redrive(Path data) implements RunnerCommand {}

  /** Print {@link #HELP}. */
  record Help() implements RunnerCommand {}

  /** The command line is wrong. */
  record Wrong(String message) implements RunnerCommand {}

  /**
   * Reads a command line, and the file that it may name.
   *
   * @param defaultData the data folder unless another is named
   * @param environment the process's; only what begins with {@code HOOKWELL_} counts
   */
  static RunnerCommand parse(
      List<String> arguments, Path defaultData, Map<String, String> environment) {
    return switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
      case "check" -> parseCheck(arguments, defaultData, environment);
      case "redrive" -> parseRedrive(arguments, defaultData);
      default -> parseStart(arguments, defaultData, environment);
    };
  }

  private static RunnerCommand parseRedrive(List<String> arguments, Path defaultData) {
    for (String argument : arguments) {
      if (argument.matches(
          "--(port|database-url|database-url-file|allow-weak-tls|edge|allow-origin)(=.*)?")) {
        return new Wrong("redrive does not take " + argument.replaceFirst("=.*", ""));
      }
    }
    RunnerCommand parsed =
        parseStart(arguments.subList(1, arguments.size()), defaultData, Map.of());
    return parsed instanceof Start start ? new Redrive(start.data()) : parsed;
  }

  private static RunnerCommand parseCheck(
      List<String> arguments, Path defaultData, Map<String, String> environment) {
    for (String argument : arguments) {
      if (argument.matches("--(port|data|edge|allow-origin)(=.*)?")) {
        return new Wrong("check does not take " + argument.replaceFirst("=.*", ""));
      }
    }
    List<String> options = arguments.subList(1, arguments.size());
    return switch (parseStart(options, defaultData, environment)) {
      case Start start when start.database().isPresent() ->
          new Check(start.database().get(), start.allowWeakTls());
      case Start _ ->
          new Wrong("check needs HOOKWELL_DATABASE_URL, --database-url-file or --database-url");
      case Check check -> check;
      case Redrive redrive -> redrive;
      case Help help -> help;
      case Wrong wrong -> wrong;
    };
  }

  private static RunnerCommand parseStart(
      List<String> arguments, Path defaultData, Map<String, String> environment) {
    int port = 8080;
    Path data = defaultData;
    Optional<GivenDatabase> database = Optional.empty();
    boolean allowWeakTls = false;
    boolean edge = false;
    List<String> allowedOrigins = new ArrayList<>();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
      String option = equals < 0 ? argument : argument.substring(0, equals);
      switch (option) {
        case "--help", "-h" -> {
          return new Help();
        }
        case "--allow-weak-tls" -> allowWeakTls = true;
        case "--edge" -> edge = true;
        case "--port",
            "--data",
            "--allow-origin",
            GivenDatabase.OPTION,
            GivenDatabase.FILE_OPTION -> {
          String value = equals >= 0 ? argument.substring(equals + 1) : next(rest);
          if (value.isEmpty()) {
            return new Wrong(option + " needs a value");
          }
          try {
            switch (option) {
              case "--port" -> port = port(value);
              case "--allow-origin" -> allowedOrigins.add(origin(value));
              case "--data" -> data = path(option, value, "folder");
              default -> {
                if (database.isPresent()) {
                  return new Wrong("the database's URL is given twice");
                }
                database = Optional.of(database(option, value));
              }
            }
          } catch (IllegalArgumentException e) {
            return new Wrong(String.valueOf(e.getMessage()));
          }
        }
        default -> {
          return new Wrong("unknown option " + option);
        }
      }
    }
    return new Start(
        port,
        data,
        database.or(() -> GivenDatabase.ofEnvironment(environment)),
        allowWeakTls,
        edge,
        List.copyOf(allowedOrigins));
  }

  private static String next(Iterator<String> rest) {
    return rest.hasNext() ? rest.next() : "";
  }

  private static int port(String value) {
    if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > 65535) {
      throw new IllegalArgumentException("--port must be a number from 0 to 65535");
    }
    return Integer.parseInt(value);
  }

  private static String origin(String value) {
    if (!value.matches("[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#@,\\s]+")) {
      throw new IllegalArgumentException(
          "--allow-origin must be an origin, as http://localhost:3000");
    }
    return value;
  }

  private static GivenDatabase database(String option, String value) {
    return option.equals(GivenDatabase.OPTION)
        ? GivenDatabase.ofOption(value)
        : GivenDatabase.ofFile(path(option, value, "file"));
  }

  private static Path path(String option, String value, String kind) {
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(option + " must be the path of a " + kind, e);
    }
  }
}
