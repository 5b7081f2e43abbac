package dev.hookwell.local;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** What the command line asks for. */
sealed interface RunnerCommand {
  String HELP =
      """
      Usage: ./run [options]
             ./run check --database-url URL [--allow-weak-tls]

      Starts all of Hookwell on this machine: gateway, ingest, queue, persist, database, API and page.

        --port N            the page's and the hooks' port on 127.0.0.1 (default 8080, 0 takes a free one)
        --data FOLDER       where captures and keys are kept between runs (default: data, beside this script)
        --database-url URL  a CockroachDB or PostgreSQL of your own instead of the built-in one:
                            postgresql://user:password@host:26257/database?sslmode=verify-full
        --allow-weak-tls    accept an sslmode below verify-full in --database-url
        --edge              also play Cloudflare in front of the gateway: exact paths are recorded
        --help              this text

      Ctrl-C stops it. Nothing that was acknowledged is lost, however it is stopped.

      check tries a database out, once, before it is used: in a schema of its own that it drops again, it
      migrates, writes to one hook from 8 connections, meets a conflict, and reads by cursor all the while.
      Its status is 0 for a database that is fit, 1 for one that is not, 2 when it could not be tried.
      """;

  /** Start. */
  record Start(
      int port, Path data, Optional<String> databaseUrl, boolean allowWeakTls, boolean edge)
      implements RunnerCommand {}

  /** Try a database out. */
  record Check(String databaseUrl, boolean allowWeakTls) implements RunnerCommand {}

  /** Print {@link #HELP}. */
  record Help() implements RunnerCommand {}

  /** The command line is wrong. */
  record Wrong(String message) implements RunnerCommand {}

  /**
   * Reads a command line.
   *
   * @param defaultData the data folder unless another is named
   */
  static RunnerCommand parse(List<String> arguments, Path defaultData) {
    if (arguments.isEmpty() || !arguments.getFirst().equals("check")) {
      return parseStart(arguments, defaultData);
    }
    for (String argument : arguments) {
      if (argument.matches("--(port|data|edge)(=.*)?")) {
        return new Wrong("check does not take " + argument.replaceFirst("=.*", ""));
      }
    }
    return switch (parseStart(arguments.subList(1, arguments.size()), defaultData)) {
      case Start start when start.databaseUrl().isPresent() ->
          new Check(start.databaseUrl().get(), start.allowWeakTls());
      case Start _ -> new Wrong("check needs --database-url");
      case Check check -> check;
      case Help help -> help;
      case Wrong wrong -> wrong;
    };
  }

  private static RunnerCommand parseStart(List<String> arguments, Path defaultData) {
    int port = 8080;
    Path data = defaultData;
    Optional<String> databaseUrl = Optional.empty();
    boolean allowWeakTls = false;
    boolean edge = false;
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
        case "--port", "--data", "--database-url" -> {
          if (equals < 0 && !rest.hasNext()) {
            return new Wrong(option + " needs a value");
          }
          String value = equals < 0 ? rest.next() : argument.substring(equals + 1);
          if (value.isEmpty()) {
            return new Wrong(option + " needs a value");
          }
          switch (option) {
            case "--port" -> {
              if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > 65535) {
                return new Wrong("--port must be a number from 0 to 65535");
              }
              port = Integer.parseInt(value);
            }
            case "--data" -> {
              try {
                data = Path.of(value);
              } catch (InvalidPathException e) {
                return new Wrong("--data must be the path of a folder");
              }
            }
            default -> databaseUrl = Optional.of(value);
          }
        }
        default -> {
          return new Wrong("unknown option " + option);
        }
      }
    }
    return new Start(port, data, databaseUrl, allowWeakTls, edge);
  }
}
